"""Contributions and cases in every state, with their objects in the embedded S3.

Rows are written as the pipeline leaves them, without running it: the laws of the database see to it that they are
possible. `**answers` are columns of the self-report; `age` is in years.
"""

import hashlib
import io
import itertools
import secrets
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import transaction
from PIL import Image as Picture

from contrib_portal.models import Consent, ConsentDocument, Contribution, Image, SelfReport, Withdrawal
from core import storage
from core.ids import random_key
from core.models import User
from core.roles import Role
from core.states import move
from core.vocabulary import AgeGroup, ShotType
from privacy.models import Case, CaseImage, PrivacyCheck

CLOSE_UP, AT_AN_ANGLE, AT_DISTANCE = ShotType
PASSWORD = "correct horse battery staple"

_numbers = itertools.count(1)


def staff(*roles: Role, email: str = "") -> User:
    """Somebody who works here and has `roles`; signs in with PASSWORD."""
    address = email or f"staff-{next(_numbers)}@example.org"
    user = User.objects.create_user(username=address, email=address, password=PASSWORD)
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    return user


def picture(*, width: int = 48, height: int = 64, image_format: str = "PNG", **options: Any) -> bytes:
    """A file of random pixels, so that no two are copies; `options` are Pillow's for saving."""
    pixels = Picture.frombytes("RGB", (width, height), secrets.token_bytes(3 * width * height))
    file = io.BytesIO()
    pixels.save(file, image_format, **options)
    return file.getvalue()


def consent_document(*, at: datetime) -> ConsentDocument:
    """The English text in force."""
    found = ConsentDocument.objects.filter(language="en", status=ConsentDocument.Status.EFFECTIVE).first()
    if found is not None:
        return found
    body = "You agree that your photos become public."
    return ConsentDocument.objects.create(
        version="test-1",
        language="en",
        title="Consent",
        body=body,
        sha256=hashlib.sha256(body.encode()).hexdigest(),
        status=ConsentDocument.Status.EFFECTIVE,
        effective_at=at,
    )


def submitted_contribution(
    *,
    at: datetime,
    shots: tuple[ShotType, ...] = (CLOSE_UP,),
    files: dict[ShotType, bytes] | None = None,
    **answers: Any,
) -> Contribution:
    """A contribution that was sent at `at`, its originals stored; `files` replaces the picture of a shot."""
    contribution = Contribution.objects.create(
        receipt_digest=secrets.token_hex(32), language="en", created_at=at, touched_at=at
    )
    document = consent_document(at=at)
    Consent.objects.create(contribution=contribution, document=document, document_sha256=document.sha256, given_at=at)
    SelfReport.objects.create(contribution=contribution, **answers)
    for shot in shots:
        _received_image(contribution, shot=shot, data=(files or {}).get(shot) or picture(image_format="JPEG"), at=at)
    move(contribution, Contribution.Status.SUBMITTED, submitted_at=at)
    return contribution


def _received_image(contribution: Contribution, *, shot: ShotType, data: bytes, at: datetime) -> Image:
    key = random_key()
    return Image.objects.create(
        contribution=contribution,
        shot_type=shot,
        upload_id=uuid4(),
        key=key,
        preview_key=random_key(),
        sha256=storage.put(storage.Place.ORIGINALS, key, data, content_type="image/jpeg"),
        size=len(data),
        source_format="JPEG",
        status=Image.Status.RECEIVED,
        created_at=at,
    )


def checking_case(*, at: datetime, shots: tuple[ShotType, ...] = (CLOSE_UP,), **answers: Any) -> Case:
    """A case whose images wait to be cleaned."""
    contribution = submitted_contribution(at=at, shots=shots, **answers)
    columns = {name: value for name, value in answers.items() if name not in {"age", "skipped", "left_empty"}}
    case = Case.objects.create(
        contribution=contribution, age_group=AgeGroup.of(answers.get("age")), opened_at=at, **columns
    )
    for image in contribution.images.order_by("pk"):
        CaseImage.objects.create(case=case, source=image, shot_type=image.shot_type, due_at=at)
    return case


def case_to_review(*, at: datetime, shots: tuple[ShotType, ...] = (CLOSE_UP,), **answers: Any) -> Case:
    """A case whose images are clean, stored and checked by the program; a moderator has not seen it."""
    case = checking_case(at=at, shots=shots, **answers)
    for image in case.images.all():
        _clean(image, at=at)
    move(case, Case.Status.NEEDS_REVIEW)
    return case


def _clean(image: CaseImage, *, at: datetime) -> None:
    data, key = picture(), random_key()
    move(
        image,
        CaseImage.Status.CLEAN,
        key=key,
        sha256=storage.put(storage.Place.CLEAN, key, data, content_type="image/png"),
        pixel_sha256=hashlib.sha256(Picture.open(io.BytesIO(data)).tobytes()).hexdigest(),
        size=len(data),
        width=48,
        height=64,
        sharpness=120.0,
        exposure=0.5,
        source_format="JPEG",
        due_at=None,
    )
    kinds = PrivacyCheck.Kind
    for kind in (kinds.METADATA_REMOVED, kinds.READ_BACK, kinds.EXACT_DUPLICATE):
        record_check(image, kind=kind, at=at)


def record_check(
    image: CaseImage,
    *,
    kind: PrivacyCheck.Kind,
    at: datetime,
    outcome: PrivacyCheck.Outcome = PrivacyCheck.Outcome.PASSED,
    by_person: User | None = None,
    evidence: dict[str, Any] | None = None,
) -> PrivacyCheck:
    """One check, by a person or (without one) by the program."""
    return PrivacyCheck.objects.create(
        image=image,
        kind=kind,
        outcome=outcome,
        evidence=evidence or {},
        by_person=by_person,
        by_model="" if by_person else "factory 1",
        at=at,
    )


def admitted_case(*, at: datetime, shots: tuple[ShotType, ...] = (CLOSE_UP,), **answers: Any) -> Case:
    """A case that labelers and releases may see; its images are in the bucket of clean images."""
    case = case_to_review(at=at, shots=shots, **answers)
    moderator = staff(Role.MODERATOR)
    for image in case.images.all():
        record_check(image, kind=PrivacyCheck.Kind.HUMAN_REVIEW, at=at, by_person=moderator)
    move(case, Case.Status.ADMITTED, decided_at=at, decided_by=moderator)
    return case


def rejected_case(*, at: datetime, reason: Case.Reason = Case.Reason.NOT_SKIN, **answers: Any) -> Case:
    """A case that a moderator turned down."""
    case = case_to_review(at=at, **answers)
    move(case, Case.Status.REJECTED, decided_at=at, decided_by=staff(Role.MODERATOR), rejection_reason=reason)
    return case


def withdraw(case_or_contribution: Case | Contribution, *, at: datetime) -> Contribution:
    """The contributor takes it back: hidden at once, erased later."""
    contribution = case_or_contribution.contribution if isinstance(case_or_contribution, Case) else case_or_contribution
    with transaction.atomic():
        Withdrawal.objects.create(contribution=contribution, withdrawn_at=at, due_at=at)
        move(contribution, Contribution.Status.WITHDRAWN)
    return contribution
