"""Drafts and contributions sent under a code that the test knows. Pictures and cases are made in `cases`."""

import hashlib
import uuid
from datetime import datetime
from typing import Any

from django.conf import settings

from contrib_portal import receipts
from contrib_portal.models import Consent, ConsentDocument, Contribution, Image, SelfReport
from core import storage
from core.ids import random_key
from core.states import move
from core.vocabulary import ShotType
from tests.factories.cases import CLOSE_UP, consent_document, picture


def draft(
    *, at: datetime, shots: tuple[ShotType, ...] = (), code: str = "", campaign: str = "", **answers: Any
) -> Contribution:
    """A contribution that is being made: agreed to, with the photos of `shots` and some answers."""
    contribution = Contribution.objects.create(
        receipt_digest=digest_of(code or receipts.new_code()),
        language="en",
        campaign=campaign,
        created_at=at,
        touched_at=at,
    )
    document = consent_document(at=at)
    Consent.objects.create(contribution=contribution, document=document, document_sha256=document.sha256, given_at=at)
    SelfReport.objects.create(contribution=contribution, **answers)
    for shot in shots:
        received_image(contribution, shot=shot, at=at)
    return contribution


def received_image(
    contribution: Contribution,
    *,
    at: datetime,
    shot: ShotType = CLOSE_UP,
    status: str = Image.Status.RECEIVED,
    **columns: Any,
) -> Image:
    """A photo with its thumbnail in storage."""
    key, preview_key, data = random_key(), random_key(), picture(image_format="JPEG")
    sha256 = storage.put(storage.Place.ORIGINALS, key, data, content_type="image/jpeg")
    storage.put(storage.Place.ORIGINALS, preview_key, picture(image_format="JPEG"), content_type="image/jpeg")
    known = {"upload_id": uuid.uuid4(), "sha256": sha256, "size": len(data), "source_format": "JPEG"} | columns
    return Image.objects.create(
        contribution=contribution,
        shot_type=shot,
        key=key,
        preview_key=preview_key,
        status=status,
        created_at=at,
        **known,
    )


def is_stored(key: str) -> bool:
    """Whether there is an original, or a thumbnail, of this key."""
    try:
        storage.head(storage.Place.ORIGINALS, key)
    except storage.NotStored:
        return False
    return True


def sent(*, at: datetime, code: str, shots: tuple[ShotType, ...] = (CLOSE_UP,), **answers: Any) -> Contribution:
    """A contribution that `code` opens."""
    contribution = draft(at=at, shots=shots, code=code, **answers)
    move(contribution, Contribution.Status.SUBMITTED, submitted_at=at)
    return contribution


def digest_of(code: str) -> str:
    """What is stored for a receipt code."""
    return receipts.digest(code, key=settings.RECEIPT_KEY)


def new_text(*, version: str, is_material_change: bool, body: str = "") -> ConsentDocument:
    """Another English consent text; a draft until it is brought into force."""
    text = body or f"Text of version {version}.\n\nYou agree to what it says."
    return ConsentDocument.objects.create(
        version=version,
        language="en",
        title="Taking part",
        body=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        is_material_change=is_material_change,
    )
