"""From a contribution to a case with clean images: each original is re-encoded from its pixels, and checked.

The work of one image: claim it, decode it in the sandbox, write the object's key on the row, store the object, finish
the row. A worker may die between any two of these; the next attempt deletes what the row's key names and starts again.
"""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

from django.db import connection, transaction

from audit.trail import WORKER, record
from contrib_portal.models import Contribution, Image, SelfReport
from core import leases, storage
from core.answers import ONE_OF, SOME_OF
from core.doorbell import ring
from core.ids import random_key
from core.states import Stale, move
from core.vocabulary import AgeGroup
from imaging import sandbox
from imaging.readback import NotOnlyPixels, read_back
from imaging.results import Cleaned, Reason, Refused
from privacy import queries
from privacy.models import Case, CaseImage, PrivacyCheck

Kind, Outcome = PrivacyCheck.Kind, PrivacyCheck.Outcome
LEASE = timedelta(minutes=2)
CHECKED_BY = f"imaging 1, Pillow {version('pillow')}"
THREE_ATTEMPTS = "It could not be processed in three attempts."
OUR_LIMITS = {Reason.OUT_OF_MEMORY, Reason.TIMEOUT, Reason.CRASHED}
"""Refusals that a busy machine may be to blame for: the image gets its other attempts."""

log = logging.getLogger(__name__)


class NotSubmitted(Exception):
    """The contribution is not, or no longer, one that a case is made of."""


@transaction.atomic
def open_case(*, contribution: Contribution, at: datetime) -> Case:
    """The case of a submitted contribution: its answers with the age as a group, an image to clean for each photo.

    Repeating it gives the same case. Raises NotSubmitted.
    """
    # A withdrawal waits for this lock, so that its eraser finds the case.
    held = Contribution.objects.select_for_update(no_key=True).get(pk=contribution.pk)
    existing = Case.objects.filter(contribution=held).first()
    if existing is not None:
        return existing
    if held.status != Contribution.Status.SUBMITTED:
        raise NotSubmitted(str(held.reference))
    report = SelfReport.objects.filter(contribution=held).first() or SelfReport()
    case = Case.objects.create(
        contribution=held,
        opened_at=at,
        age_group=AgeGroup.of(report.age),
        **{name: getattr(report, name) for name in [*ONE_OF, *SOME_OF]},
    )
    images = CaseImage.objects.bulk_create(
        CaseImage(case=case, source=image, shot_type=image.shot_type, due_at=at)
        for image in held.images.filter(status=Image.Status.RECEIVED)
    )
    record("case-opened", actor=WORKER, subject=f"Case {case.pk}", at=at, images=len(images))
    ring("case-opened")
    return case


def check_next_image(*, at: datetime) -> bool:
    """Clean and check the image that has waited longest. Whether to go on: False without work or without storage."""
    try:
        _set_exhausted_aside(at=at)
        found = _check_claimed(at=at)
    except storage.Unavailable as error:
        log.warning("images wait for the storage: %s", error)
        return False
    conclude_checks(at=at)
    return found


def conclude_checks(*, at: datetime) -> None:
    """Hand every case whose images have all been worked on to the moderators."""
    for case in queries.checked_cases():
        with suppress(Stale), transaction.atomic():
            move(case, Case.Status.NEEDS_REVIEW)
            record("case-checked", actor=WORKER, subject=f"Case {case.pk}", at=at)


def _check_claimed(*, at: datetime) -> bool:
    image = leases.claim(queries.images_to_check(), at=at, lease=LEASE)
    if image is None:
        return False
    try:
        _check(image, at=at)
    except leases.LeaseLost:
        log.info("image %s: its lease was lost, the result is thrown away", image.pk)
    except storage.Unavailable:
        with suppress(leases.LeaseLost):
            leases.retry(image, at=at, attempts=image.attempts - 1)  # no fault of the image
        raise
    return True


def _check(image: CaseImage, *, at: datetime) -> None:
    try:
        cleaned = sandbox.clean(storage.get(storage.Place.ORIGINALS, image.source.key))
    except Refused as refused:
        if refused.reason in OUR_LIMITS:
            leases.retry(image, at=at, problem=str(refused))
        else:
            _set_aside(image, problem=str(refused), failed=Kind.METADATA_REMOVED, at=at)
        return
    except storage.NotStored:
        leases.retry(image, at=at, problem="The original is not in the storage.")
        return
    _forget_former_object(image)
    _reserve(image, random_key())
    key = image.key
    try:
        _store(image, cleaned, at=at)
    except leases.LeaseLost:
        storage.delete(storage.Place.CLEAN, key)
        raise


def _forget_former_object(image: CaseImage) -> None:
    """An attempt that died after it had stored its object left the object's key on the row."""
    if image.key:
        storage.delete(storage.Place.CLEAN, image.key)


def _reserve(image: CaseImage, key: str) -> None:
    """Put the key on the row before there is an object, while the lease is held. Raises LeaseLost."""
    if not CaseImage.objects.filter(pk=image.pk, leased_until=image.leased_until).update(key=key):
        raise leases.LeaseLost(f"CaseImage {image.pk}")
    image.key = key


def _store(image: CaseImage, cleaned: Cleaned, *, at: datetime) -> None:
    try:
        storage.put(storage.Place.CLEAN, image.key, cleaned.png, content_type="image/png")
        read_back(storage.get(storage.Place.CLEAN, image.key))
    except NotOnlyPixels as error:
        _set_aside(image, problem=f"The cleaned image: {error}", failed=Kind.READ_BACK, at=at)
    except storage.NotStored:  # an eraser was faster: then the lease is lost as well
        leases.retry(image, at=at, problem="The cleaned image was not in the storage.")
    except storage.AlreadyStored:  # our own, where the storage's first answer went astray
        leases.retry(image, at=at, problem="The storage did not say whether it kept the cleaned image.")
    else:
        _finish(image, cleaned, at=at)


@transaction.atomic
def _finish(image: CaseImage, cleaned: Cleaned, *, at: datetime) -> None:
    # Two copies that are finished at the same moment wait here for each other, so that the second finds the first.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"pixels {cleaned.pixel_sha256}"])
    leases.finish(
        image,
        status=CaseImage.Status.CLEAN,
        problem="",
        sha256=cleaned.sha256,
        pixel_sha256=cleaned.pixel_sha256,
        size=len(cleaned.png),
        width=cleaned.width,
        height=cleaned.height,
        sharpness=cleaned.sharpness,
        exposure=cleaned.exposure,
        source_format=cleaned.source_format,
        truncated=cleaned.truncated,
        metadata_found=cleaned.metadata_found,
    )
    _record_check(image, Kind.METADATA_REMOVED, Outcome.PASSED, at=at, tags=cleaned.metadata_found)
    _record_check(image, Kind.READ_BACK, Outcome.PASSED, at=at, sha256=cleaned.sha256)
    copies = queries.copies_of(image)
    ids = [copy.image_id for copy in copies]
    _record_check(image, Kind.EXACT_DUPLICATE, Outcome.FLAGGED if copies else Outcome.PASSED, at=at, images=ids)
    _flag_earlier(copies, copy=image, at=at)


def _flag_earlier(earlier: list[CaseImage], *, copy: CaseImage, at: datetime) -> None:
    """A moderator who has not decided yet learns that a copy came in since."""
    undecided = Case.objects.filter(
        pk__in=[image.case_id for image in earlier], status__in=[Case.Status.CHECKING, Case.Status.NEEDS_REVIEW]
    )
    held = {case.pk for case in undecided.select_for_update(no_key=True).order_by("pk")}
    for image in earlier:
        if image.case_id in held:
            _record_check(image, Kind.EXACT_DUPLICATE, Outcome.FLAGGED, at=at, images=[copy.image_id])


def _set_exhausted_aside(*, at: datetime) -> None:
    for image in leases.exhausted(queries.images_to_check(), at=at):
        problem, key = f"{THREE_ATTEMPTS} {image.problem}".strip(), image.key
        with suppress(Stale):
            with transaction.atomic():
                move(image, CaseImage.Status.NEEDS_REVIEW, problem=problem, key="", due_at=None, leased_until=None)
                _record_check(image, Kind.METADATA_REMOVED, Outcome.FAILED, at=at, problem=problem)
            if key:  # a worker that is late after all has lost its lease by now
                storage.delete(storage.Place.CLEAN, key)


def _set_aside(image: CaseImage, *, problem: str, failed: PrivacyCheck.Kind, at: datetime) -> None:
    """A person has to look: the image cannot be cleaned. Raises LeaseLost."""
    _forget_former_object(image)
    with transaction.atomic():
        leases.finish(image, status=CaseImage.Status.NEEDS_REVIEW, problem=problem[:200], key="")
        _record_check(image, failed, Outcome.FAILED, at=at, problem=problem)


def _record_check(
    image: CaseImage, kind: PrivacyCheck.Kind, outcome: PrivacyCheck.Outcome, *, at: datetime, **evidence: Any
) -> None:
    PrivacyCheck.objects.create(image=image, kind=kind, outcome=outcome, evidence=evidence, by_model=CHECKED_BY, at=at)
