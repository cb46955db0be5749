"""The contribution is sent: from here on it belongs to the study, until it is taken back."""

from datetime import datetime

from django.db import transaction

from audit import trail
from contrib_portal import queries
from contrib_portal.actions import drafting
from contrib_portal.models import Contribution
from core import doorbell
from core.states import move
from core.vocabulary import ShotType


class MissingCloseUp(Exception):
    """The one photo that is required is not there."""


class ConsentOutdated(Exception):
    """The draft was begun under a text that has changed in what people agree to: the new one has to be agreed to."""


def submit(*, contribution: Contribution, receipt_digest: str, at: datetime) -> None:
    """Send a draft; from now on the code behind `receipt_digest` opens it. Sending it a second time changes nothing.

    Raises MissingCloseUp, ConsentOutdated, drafting.NotADraft (taken back or run out).
    """
    with transaction.atomic():
        locked = Contribution.objects.select_for_update(no_key=True).get(pk=contribution.pk)
        if locked.status == Contribution.Status.SUBMITTED:
            return
        drafting.lock(contribution=locked)
        consent = queries.latest_consent(locked)
        if consent is None or queries.changes_what_was_agreed(consent.document):
            raise ConsentOutdated
        if queries.live_image(locked, ShotType.CLOSE_UP) is None:
            raise MissingCloseUp
        move(locked, Contribution.Status.SUBMITTED, submitted_at=at, touched_at=at, receipt_digest=receipt_digest)
        trail.record(
            "contribution-submitted",
            actor=trail.CONTRIBUTOR,
            subject=f"Contribution {locked.reference}",
            at=at,
            images=queries.live_images(locked).count(),
        )
        doorbell.ring("contribution-submitted")
