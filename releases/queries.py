"""What releases read: which cases stand ready, what earlier releases told, and what stands in the way of a new one."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from core import leases
from core.progress import Step
from privacy.models import Case
from privacy.queries import admitted_cases, case_of, is_visible, withdrawn_case_ids
from releases.models import Release, ReleaseItem
from releases.versions import parse

PUBLIC = (Release.Status.PUBLISHED, Release.Status.SUPERSEDED)
"""Copies of these are with researchers and cannot be called back."""

# Cases ----------------------------------------------------------------------------------------------------------------


def releasable_cases() -> QuerySet[Case]:
    """Admitted cases that have all the labels they want; ungradable ones too, as in SCIN."""
    return admitted_cases().filter(label_task__completed_at__isnull=False)


def cases_still_in_labeling() -> QuerySet[Case]:
    """Admitted cases that wait for a label: a release that is frozen now goes without them."""
    return admitted_cases().filter(label_task__completed_at=None)


# Releases -------------------------------------------------------------------------------------------------------------


def all_releases() -> list[Release]:
    """All of them, the highest version first; `cases` counts their items."""
    counted = Release.objects.annotate(cases=Count("items"))
    return sorted(counted, key=lambda release: parse(release.version), reverse=True)


def work() -> QuerySet[Release]:
    """Releases that workers look after: frozen ones are built, built ones verified, abandoned ones lose their objects."""
    return Release.objects.filter(status__in=[Release.Status.FROZEN, Release.Status.BUILT, Release.Status.ABANDONED])


def given_up(at: datetime) -> QuerySet[Release]:
    """Releases that no worker builds or verifies any more: every attempt has failed or died, a person has to look."""
    tried = Release.objects.filter(
        status__in=[Release.Status.FROZEN, Release.Status.BUILT],
        due_at__isnull=False,
        attempts__gte=leases.MAX_ATTEMPTS,
    )
    return tried.filter(Q(leased_until=None) | Q(leased_until__lte=at))


def hidden_elsewhere(release: Release) -> dict[int, set[str]]:
    """{case_id: codes of mitigation.Hideable} over all other releases: what was hidden once stays hidden."""
    items = ReleaseItem.objects.exclude(release=release).exclude(release__status=Release.Status.ABANDONED)
    hidden: dict[int, set[str]] = {}
    for case_id, cells in items.exclude(mitigations=[]).values_list("case_id", "mitigations"):
        hidden.setdefault(case_id, set()).update(cells)
    return hidden


def withdrawn_from_published() -> list[int]:
    """`case_id` of every case of a published release that was withdrawn since, in ascending order."""
    published = ReleaseItem.objects.filter(release__status__in=PUBLIC, case__in=withdrawn_case_ids())
    return sorted(set(published.values_list("case_id", flat=True)))


def items_withdrawn_since(release: Release) -> QuerySet[ReleaseItem]:
    """Items of the release whose case may not be released any more."""
    return release.items.exclude(case__in=admitted_cases())


def overtaken_by(release: Release) -> Release | None:
    """A published release that this one does not follow: of a higher version, or published since this one was built.

    What the other one hid, or told of withdrawals, this one would undo: releases can be joined by `case_id`.
    """
    for other in Release.objects.filter(status__in=PUBLIC).exclude(pk=release.pk).order_by("-published_at"):
        is_later = release.built_at and other.published_at and other.published_at > release.built_at
        if is_later or parse(other.version) > parse(release.version):
            return other
    return None


# For the contributor --------------------------------------------------------------------------------------------------


def progress(reference: UUID | str) -> list[Step]:
    """Whether the contribution is part of the data set, and of which versions. A withdrawn one is told what remains."""
    name = _("Part of the data set")
    case = case_of(reference)
    if case is None:
        return [Step(name, None)]
    published = list(Release.objects.filter(items__case=case, status__in=PUBLIC).order_by("published_at"))
    if not published:
        return [Step(name, None)] if is_visible(case) else []
    if is_visible(case):
        note = _("Release %(versions)s")
    else:
        note = _("Published in release %(versions)s. Copies cannot be called back; later releases go without it.")
    versions = ", ".join(release.version for release in published)
    return [Step(name, published[0].published_at, note % {"versions": versions})]
