"""Rows without objects, objects without rows: what a crash between the two leaves behind."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from contrib_portal import queries
from contrib_portal.actions import erasing
from contrib_portal.models import Image
from core import storage

OURS = re.compile(r"[0-9a-f]{32}")
OBJECT_LIFETIME = timedelta(days=1)
BATCH = 1000


def sweep(*, at: datetime) -> tuple[int, int]:
    """Erase photos whose receiving was cut off an hour ago, and delete objects that for a day no row has named.

    Returns how many of each. Raises erasing.StorageDown.
    """
    stranded = list(queries.stranded_images(at))
    for image in stranded:
        erasing.erase_image(image=image)
    return len(stranded), _delete_unnamed(at)


def _delete_unnamed(at: datetime) -> int:
    old = (
        stored.key
        for stored in storage.keys(storage.Place.ORIGINALS)
        if OURS.fullmatch(stored.key) and stored.modified_at <= at - OBJECT_LIFETIME
    )
    deleted = 0
    while batch := set(islice(old, BATCH)):
        for key in batch - _named(batch):
            storage.delete(storage.Place.ORIGINALS, key)
            deleted += 1
    return deleted


def _named(keys: Iterable[str]) -> set[str]:
    rows = Image.objects.exclude(status=Image.Status.ERASED)
    return set(rows.filter(key__in=keys).values_list("key", flat=True)) | set(
        rows.filter(preview_key__in=keys).values_list("preview_key", flat=True)
    )
