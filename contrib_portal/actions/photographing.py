"""A photo arrives: row, objects, row again. Whatever breaks in between, nothing is lost and nothing is left behind."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction

from audit import trail
from contrib_portal import queries
from contrib_portal.actions import drafting
from contrib_portal.models import Contribution, Image
from core import doorbell, storage
from core.ids import random_key
from core.states import move
from core.vocabulary import ShotType
from imaging import sandbox
from imaging.results import MAX_BYTES, Reason, Refused

CONTENT_TYPES = {"HEIF": "image/heic"}


class PhotoRefused(Exception):
    """The file is not a photo we can take; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


# Photos cannot be stored or read at the moment: trying again later is all there is to do. Views know it by this name.
StorageDown = storage.Unavailable


def receive(
    *, contribution: Contribution, shot_type: ShotType, upload_id: uuid.UUID, file: File, at: datetime
) -> Image:
    """Take the photo of a shot; the one that was there before gives way to it.

    The same `upload_id` with the same bytes is one photo, however often it is sent: at once, or again after we died in
    the middle of it. A form that comes back with other bytes (a browser's back button) is another photo.
    Raises PhotoRefused, StorageDown, drafting.NotADraft.
    """
    if (file.size or 0) > MAX_BYTES:
        raise PhotoRefused(Reason.TOO_LARGE)
    data = file.read()
    upload = _Upload(contribution, shot_type, upload_id, hashlib.sha256(data).hexdigest())
    image = upload.begun_before()
    if image is not None and image.status != Image.Status.RECEIVING:
        return image
    try:
        preview = sandbox.preview_and_advice(data)
    except Refused as refused:
        raise PhotoRefused(refused.reason) from refused
    learned = {
        "size": len(data),
        "source_format": preview.source_format,
        "advice": [code.value for code in preview.advice],
    }
    image, is_new = upload.begin(learned, at=at)
    if image.status != Image.Status.RECEIVING:
        return image
    # Where another attempt has the row's keys: no object is ever overwritten, and the first attempt to end well counts.
    key, preview_key = (image.key, image.preview_key) if is_new else (random_key(), random_key())
    content_type = CONTENT_TYPES.get(preview.source_format, f"image/{preview.source_format.lower()}")
    storage.put(storage.Place.ORIGINALS, key, data, content_type=content_type)
    storage.put(storage.Place.ORIGINALS, preview_key, preview.jpeg, content_type="image/jpeg")
    try:
        is_kept = upload.end(image, at=at, key=key, preview_key=preview_key, **learned)
    except drafting.NotADraft:
        _drop(key, preview_key)
        raise
    if not is_kept:
        _drop(key, preview_key)
    return image


@dataclass(frozen=True)
class _Upload:
    """One form that was sent, once or several times."""

    contribution: Contribution
    shot_type: ShotType
    upload_id: uuid.UUID
    sha256: str

    def begun_before(self) -> Image | None:
        """The photo that this very POST has made before, or was about to make."""
        image = Image.objects.filter(
            contribution=self.contribution, shot_type=self.shot_type, upload_id=self.upload_id
        ).first()
        if image is None or image.status == Image.Status.RECEIVING:
            return image
        # A late copy of a POST must not push out the photo that came after it; one that was removed may come back.
        is_settled = queries.live_image(self.contribution, self.shot_type) is not None
        return image if image.sha256 == self.sha256 and is_settled else None

    def begin(self, learned: dict[str, Any], *, at: datetime) -> tuple[Image, bool]:
        """The row that says that a photo is under way, and whether it is new."""
        with transaction.atomic():
            drafting.lock(contribution=self.contribution)
            earlier = self.begun_before()
            if earlier is not None:
                return earlier, False
            is_taken = Image.objects.filter(upload_id=self.upload_id).exists()
            image = Image.objects.create(
                contribution=self.contribution,
                shot_type=self.shot_type,
                upload_id=uuid.uuid4() if is_taken else self.upload_id,
                key=random_key(),
                preview_key=random_key(),
                created_at=at,
                **learned,
            )
            return image, True

    def end(self, image: Image, *, at: datetime, **changes: Any) -> bool:
        """The photo counts from now on; False where another attempt was faster, or the sweep."""
        with transaction.atomic():
            drafting.lock(contribution=self.contribution)
            image.refresh_from_db()
            if image.status != Image.Status.RECEIVING:
                return False
            _replace(self.contribution, self.shot_type)
            move(image, Image.Status.RECEIVED, sha256=self.sha256, **changes)
            _saved(self.contribution, "photo-received", self.shot_type, at)
        return True


def remove(*, contribution: Contribution, shot_type: ShotType, at: datetime) -> None:
    """Take a photo out of a draft; without one it changes nothing. Raises drafting.NotADraft."""
    with transaction.atomic():
        drafting.lock(contribution=contribution)
        if _replace(contribution, shot_type):
            _saved(contribution, "photo-removed", shot_type, at)


def _replace(contribution: Contribution, shot_type: ShotType) -> bool:
    live = queries.live_image(contribution, shot_type)
    if live is None:
        return False
    move(live, Image.Status.REPLACED)
    doorbell.ring("original-replaced")
    return True


def _saved(contribution: Contribution, action: str, shot_type: str, at: datetime) -> None:
    Contribution.objects.filter(pk=contribution.pk).update(touched_at=at)
    subject = f"Contribution {contribution.reference}"
    trail.record(action, actor=trail.CONTRIBUTOR, subject=subject, at=at, shot_type=str(shot_type))


def _drop(*keys: str) -> None:
    """Objects that no row will name; what cannot be deleted now, the sweep finds."""
    for key in keys:
        try:
            storage.delete(storage.Place.ORIGINALS, key)
        except storage.Unavailable:
            return


def thumbnail(*, image: Image) -> bytes:
    """Our own cleaned JPEG of a photo. Raises StorageDown, also where the object is gone."""
    try:
        return storage.get(storage.Place.ORIGINALS, image.preview_key)
    except storage.NotStored as error:
        raise StorageDown("the thumbnail is gone") from error
