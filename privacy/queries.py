"""The only door to a Case: what is withdrawn or erased does not pass it, except where the name of a query says so."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _

from contrib_portal.models import Contribution
from core import storage
from core.progress import Step
from core.vocabulary import ShotType
from privacy.models import Case, CaseImage, PrivacyCheck


class ImageNotThere(Exception):
    """The storage does not give the image out: it is gone, or the storage does not answer."""


def visible_cases() -> QuerySet[Case]:
    """Cases that anybody may see at all: not withdrawn by the contributor, not erased."""
    return Case.objects.exclude(status=Case.Status.ERASED).exclude(contribution__status=Contribution.Status.WITHDRAWN)


def admitted_cases() -> QuerySet[Case]:
    """Cases for labelers and releases."""
    return visible_cases().filter(status=Case.Status.ADMITTED)


def is_visible(case: Case) -> bool:
    """Whether the case may still be seen, asked of the database now."""
    return visible_cases().filter(pk=case.pk).exists()


def case_of(reference: UUID | str) -> Case | None:
    """The case of a contribution, withdrawn and erased ones too: for telling progress and for erasing."""
    return Case.objects.filter(contribution__reference=reference).first()


def withdrawn_case_ids() -> list[int]:
    """`case_id` of every case that was withdrawn or erased, in ascending order."""
    gone = Case.objects.exclude(pk__in=visible_cases().values("pk"))
    return list(gone.order_by("case_id").values_list("case_id", flat=True))


def hold_against_withdrawal(case_ids: Iterable[int]) -> None:
    """Until the caller's transaction ends none of these cases can be withdrawn; what is being withdrawn is waited for.

    Nothing is refused here: ask `admitted_cases` afterwards. Raises TransactionManagementError outside a transaction.
    """
    # Django has no FOR SHARE. This lock is the one that a withdrawal itself takes; readers and foreign keys pass it.
    held = Contribution.objects.select_for_update(no_key=True).filter(case__in=case_ids)
    list(held.order_by("pk").values_list("pk"))


def images_of(case: Case) -> list[CaseImage]:
    """The clean images of a case, close-up first, then at an angle, then at distance."""
    return _in_order(case.images.filter(status=CaseImage.Status.CLEAN))


def image_stream(image: CaseImage) -> Iterator[bytes]:
    """The PNG in pieces; it is asked for before the first piece is taken. Raises ImageNotThere."""
    try:
        return storage.stream(storage.Place.CLEAN, image.key)
    except (storage.NotStored, storage.Unavailable) as error:
        raise ImageNotThere(str(image.image_id)) from error


def progress(reference: str) -> list[Step]:
    """What this room has done for a contribution; nothing for one that was withdrawn."""
    case = case_of(reference)
    if case is None:
        return [Step(_("Photos cleaned"), None), Step(_("Checked by a person"), None)]
    if not is_visible(case):
        return []
    cleaned_at = None
    if case.status != Case.Status.CHECKING:
        cleaned_at = PrivacyCheck.objects.filter(image__case=case, by_person=None).aggregate(at=Max("at"))["at"]
    note = ""
    if case.status == Case.Status.REJECTED:
        note = _(
            "We cannot use this contribution in the study. Thank you for giving it; this says nothing about your skin."
        )
    return [Step(_("Photos cleaned"), cleaned_at), Step(_("Checked by a person"), case.decided_at, note)]


# For this room alone --------------------------------------------------------------------------------------------------


def contributions_without_case() -> QuerySet[Contribution]:
    """What was sent and waits for its case, oldest first."""
    return Contribution.objects.filter(status=Contribution.Status.SUBMITTED, case=None).order_by("submitted_at")


def images_to_check() -> QuerySet[CaseImage]:
    """Images that wait to be cleaned."""
    return CaseImage.objects.filter(status=CaseImage.Status.WAITING, case__in=visible_cases())


def checked_cases() -> QuerySet[Case]:
    """Cases none of whose images waits any more, and that are not yet with a moderator."""
    waiting = CaseImage.objects.filter(case=OuterRef("pk"), status=CaseImage.Status.WAITING)
    return visible_cases().filter(~Exists(waiting), status=Case.Status.CHECKING)


def review_queue() -> QuerySet[Case]:
    """Cases that a moderator has to decide, oldest first."""
    return visible_cases().filter(status=Case.Status.NEEDS_REVIEW).order_by("opened_at", "pk")


def images_to_review(case: Case) -> list[CaseImage]:
    """The images of a case in the same order, those that could not be cleaned among them."""
    return _in_order(case.images.exclude(status=CaseImage.Status.ERASED))


def copies_of(image: CaseImage) -> list[CaseImage]:
    """Images of other visible contributions with the very same pixels."""
    if not image.pixel_sha256:
        return []
    same = CaseImage.objects.filter(pixel_sha256=image.pixel_sha256, status=CaseImage.Status.CLEAN)
    return list(same.filter(case__in=visible_cases()).exclude(case=image.case_id).order_by("pk"))


def is_flagged(image: CaseImage) -> bool:
    """Whether the search for copies that was recorded last left the decision to a person."""
    latest = image.checks.filter(kind=PrivacyCheck.Kind.EXACT_DUPLICATE).order_by("-pk").first()
    return latest is not None and latest.outcome == PrivacyCheck.Outcome.FLAGGED


def _in_order(images: QuerySet[CaseImage]) -> list[CaseImage]:
    shots = list(ShotType)
    return sorted(images, key=lambda image: shots.index(ShotType(image.shot_type)))
