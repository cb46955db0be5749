"""What may be asked of this room, by its own pages and by the rooms above."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from contrib_portal import wording
from contrib_portal.models import Consent, ConsentDocument, Contribution, Image, SelfReport, Withdrawal
from core.progress import Step
from core.questions import Question
from core.vocabulary import ShotType

DRAFT_LIFETIME = timedelta(days=7)
RECEIVING_LIFETIME = timedelta(hours=1)


def submitted() -> QuerySet[Contribution]:
    """Contributions that were sent and not taken back."""
    return Contribution.objects.filter(status=Contribution.Status.SUBMITTED)


def live_images(contribution: Contribution) -> QuerySet[Image]:
    """The photos that count, at most one per shot, in the order in which they were received."""
    return Image.objects.filter(contribution=contribution, status=Image.Status.RECEIVED).order_by("pk")


def live_image(contribution: Contribution, shot_type: ShotType) -> Image | None:
    """The photo of one shot, if there is one."""
    return live_images(contribution).filter(shot_type=shot_type).first()


def answers(contribution: Contribution) -> SelfReport:
    """What the contributor told. Raises SelfReport.DoesNotExist once it was erased."""
    return SelfReport.objects.get(contribution=contribution)


def progress(reference: str) -> list[Step]:
    """This room's part of the receipt page: sent, and taken back where it was."""
    contribution = Contribution.objects.filter(reference=reference).first()
    if contribution is None:
        return []
    steps = [Step(_("You sent it to us"), contribution.submitted_at)]
    withdrawal = Withdrawal.objects.filter(contribution=contribution).first()
    if withdrawal is not None:
        steps.append(Step(_("You withdrew it"), withdrawal.withdrawn_at))
        steps.append(Step(_("It was erased, place by place"), withdrawal.erased_at))
    return steps


def by_receipt(digest: str) -> Contribution | None:
    """The contribution that was sent under a code, by the code's digest."""
    sent = [Contribution.Status.SUBMITTED, Contribution.Status.WITHDRAWN]
    return Contribution.objects.filter(receipt_digest=digest, status__in=sent).first()


# Consent --------------------------------------------------------------------------------------------------------------


def effective_document(language: str) -> ConsentDocument:
    """The text in force in `language`, else in the study's first language. Raises ConsentDocument.DoesNotExist."""
    in_force = ConsentDocument.objects.filter(status=ConsentDocument.Status.EFFECTIVE)
    found = in_force.filter(language=language).first()
    return found or in_force.get(language=settings.LANGUAGE_CODE)


def changes_what_was_agreed(document: ConsentDocument) -> bool:
    """Whether a text that came into force after `document`, in its language, changes what people agree to."""
    later = ConsentDocument.objects.filter(
        language=document.language, effective_at__gt=document.effective_at, is_material_change=True
    )
    return later.exclude(status=ConsentDocument.Status.DRAFT).exists()


def latest_consent(contribution: Contribution) -> Consent | None:
    """The newest consent, with its document."""
    consents = Consent.objects.filter(contribution=contribution).select_related("document")
    return consents.order_by("-given_at", "-pk").first()


# Questions ------------------------------------------------------------------------------------------------------------


def questions() -> dict[str, Question]:
    """What contributors are asked, in English, by the names that releases.schema.APP_QUESTIONS has for it."""
    with translation.override("en"):
        asked = {
            "age_group" if column == "age" else column: Question(
                str(text), str(help_text), tuple(str(words) for words in wording.ANSWERS.get(column, {}).values())
            )
            for column, (text, help_text) in wording.ASKED.items()
        }
        photos = Question(str(wording.PHOTOS), options=tuple(str(words) for words in wording.SHOTS.values()))
    return asked | {"images": photos}


# Work -----------------------------------------------------------------------------------------------------------------


def forgotten_drafts(at: datetime) -> QuerySet[Contribution]:
    """Drafts in which nothing was saved for seven days."""
    return Contribution.objects.filter(status=Contribution.Status.DRAFT, touched_at__lte=at - DRAFT_LIFETIME)


def expired_and_not_erased() -> QuerySet[Contribution]:
    """Drafts that ran out or were given up, of which answers or photos are still there."""
    photos = Image.objects.filter(contribution=OuterRef("pk")).exclude(status=Image.Status.ERASED)
    report = SelfReport.objects.filter(contribution=OuterRef("pk"))
    return Contribution.objects.filter(status=Contribution.Status.EXPIRED).filter(Q(Exists(photos)) | Q(Exists(report)))


def replaced_images() -> QuerySet[Image]:
    """Photos that gave way to another one and still lie in storage."""
    return Image.objects.filter(status=Image.Status.REPLACED).order_by("pk")


def stranded_images(at: datetime) -> QuerySet[Image]:
    """Photos whose receiving was cut off."""
    return Image.objects.filter(status=Image.Status.RECEIVING, created_at__lte=at - RECEIVING_LIFETIME)


def unerased_images(reference: UUID | str) -> QuerySet[Image]:
    """Photos of a contribution that still have, or may have, objects in storage."""
    return Image.objects.filter(contribution__reference=reference).exclude(status=Image.Status.ERASED).order_by("pk")


def submitted_without_close_up() -> QuerySet[Contribution]:
    """What must not exist."""
    close_up = Image.objects.filter(
        contribution=OuterRef("pk"), shot_type=ShotType.CLOSE_UP, status=Image.Status.RECEIVED
    )
    return submitted().filter(~Exists(close_up))
