"""A moderator decides: the case goes on to the labelers, or it does not."""

from datetime import datetime
from typing import Any

from django.db import transaction

from audit.trail import record
from core.doorbell import ring
from core.models import User
from core.states import move
from core.vocabulary import ShotType
from privacy import queries
from privacy.models import Case, CaseImage, PrivacyCheck


class AlreadyDecided(Exception):
    """Nothing is to be decided: somebody else has decided, or the contributor has withdrawn."""


class CannotAdmit(Exception):
    """The case cannot be admitted as it is; the subclass says why."""


class NoCloseUp(CannotAdmit):
    """The close-up could not be cleaned, and a case needs one."""


class HasUncleanImage(CannotAdmit):
    """An image could not be cleaned, and it was not left out."""


class MayBeADuplicate(CannotAdmit):
    """The same pixels came with another contribution, and nobody said that it is none."""


@transaction.atomic
def admit(*, case: Case, moderator: User, at: datetime, not_a_duplicate: bool = False, leave_out: bool = False) -> None:
    """Let labelers and releases see the case.

    `not_a_duplicate` is the moderator's word over flagged copies; `leave_out` drops images that could not be cleaned.
    Raises AlreadyDecided and the subclasses of CannotAdmit.
    """
    held = _hold(case)
    images = queries.images_to_review(held)
    clean = [image for image in images if image.status == CaseImage.Status.CLEAN]
    unclean = [image for image in images if image.status != CaseImage.Status.CLEAN]
    flagged = [image for image in clean if queries.is_flagged(image)]
    if not any(image.shot_type == ShotType.CLOSE_UP for image in clean):
        raise NoCloseUp(str(held.pk))
    if unclean and not leave_out:
        raise HasUncleanImage(str(held.pk))
    if flagged and not not_a_duplicate:
        raise MayBeADuplicate(str(held.pk))
    for image in unclean:
        move(image, CaseImage.Status.ERASED)
    for image in flagged:
        copies = [copy.image_id for copy in queries.copies_of(image)]
        _say(image, PrivacyCheck.Kind.EXACT_DUPLICATE, PrivacyCheck.Outcome.PASSED, moderator, at, images=copies)
    for image in clean:
        _say(image, PrivacyCheck.Kind.HUMAN_REVIEW, PrivacyCheck.Outcome.PASSED, moderator, at)
    move(held, Case.Status.ADMITTED, decided_at=at, decided_by=moderator)
    record(
        "case-admitted",
        actor=moderator,
        subject=f"Case {held.pk}",
        at=at,
        images=len(clean),
        left_out=len(unclean),
        flagged_as_duplicate=len(flagged),
    )
    ring("case-admitted")


@transaction.atomic
def reject(*, case: Case, moderator: User, reason: Case.Reason, at: datetime) -> None:
    """Keep the case from everybody else, and say why. Raises AlreadyDecided."""
    held = _hold(case)
    for image in queries.images_of(held):
        _say(image, PrivacyCheck.Kind.HUMAN_REVIEW, PrivacyCheck.Outcome.FAILED, moderator, at, reason=reason)
    move(held, Case.Status.REJECTED, decided_at=at, decided_by=moderator, rejection_reason=reason)
    record("case-rejected", actor=moderator, subject=f"Case {held.pk}", at=at, reason=reason)


def _hold(case: Case) -> Case:
    """The case as it is now; until the decision is stored nobody else decides, flags a copy of it or erases it."""
    held = queries.review_queue().select_for_update(no_key=True, of=("self",)).filter(pk=case.pk).first()
    if held is None:
        raise AlreadyDecided(str(case.pk))
    return held


def _say(
    image: CaseImage,
    kind: PrivacyCheck.Kind,
    outcome: PrivacyCheck.Outcome,
    moderator: User,
    at: datetime,
    **evidence: Any,
) -> None:
    PrivacyCheck.objects.create(image=image, kind=kind, outcome=outcome, evidence=evidence, by_person=moderator, at=at)
