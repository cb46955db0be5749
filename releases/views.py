"""Releases for their managers; coordinators and auditors look on."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.models import User
from core.roles import Role, for_role, roles_of
from releases import queries
from releases.actions import drafting, publishing
from releases.actions.storing import Unavailable
from releases.forms import DraftForm
from releases.models import Release
from releases.presenting import report_of, tag_colour

LOOK_ON = (Role.RELEASE_MANAGER, Role.COORDINATOR, Role.AUDITOR)
FAULTS_SHOWN = 5


@require_safe
@for_role(*LOOK_ON)
def list_releases(request: HttpRequest) -> HttpResponse:
    """Every version, the highest first, and what a new one would hold."""
    found = [(release, tag_colour(release)) for release in queries.all_releases()]
    return render(request, "releases/list.html", {"releases": found, **_ready(), "is_manager": _is_manager(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.RELEASE_MANAGER)
def draft(request: HttpRequest) -> HttpResponse:
    """Begin a release."""
    form = DraftForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            release = drafting.draft(**form.cleaned_data, manager=_person(request), at=timezone.now())
        except drafting.NotAVersion:
            form.add_error("version", _("A version is three numbers with dots between them, such as 1.0.0."))
        except drafting.NotNewer:
            form.add_error("version", _("There is this version or a higher one already. Numbers are never used again."))
        else:
            return redirect("releases:detail", version=release.version)
    return render(request, "releases/draft.html", {"form": form, **_ready()}, status=422 if form.is_bound else 200)


@require_safe
@for_role(*LOOK_ON)
def detail(request: HttpRequest, version: str) -> HttpResponse:
    """One release: where it stands, what was hidden in it, and what can be done next."""
    release = get_object_or_404(Release.objects.select_related("built_by", "approved_by"), version=version)
    report = report_of(release)
    faults = report.verification.get("faults", []) if report else []
    return render(
        request,
        "releases/detail.html",
        {
            "release": release,
            "colour": tag_colour(release),
            "cases": release.items.count(),
            "copied": release.items.filter(copied_at__isnull=False).count(),
            "report": report,
            "faults": faults[:FAULTS_SHOWN],
            "more_faults": len(faults[FAULTS_SHOWN:]),
            "is_verified": release.verified_at is not None and not faults,
            "has_given_up": queries.given_up(timezone.now()).filter(pk=release.pk).exists(),
            "withdrawn_since": queries.items_withdrawn_since(release).count(),
            "overtaken_by": queries.overtaken_by(release) if release.built_at and not release.published_at else None,
            "is_manager": _is_manager(request),
            "is_builder": release.built_by_id == request.user.pk,
            **_ready(),
        },
    )


@require_POST
@for_role(Role.RELEASE_MANAGER)
def act(request: HttpRequest, version: str) -> HttpResponse:
    """Press one of the buttons: `action` is freeze, approve, publish, abandon or retry."""
    release = get_object_or_404(Release, version=version)
    press = BUTTONS.get(request.POST.get("action", ""))
    if press is None:
        return HttpResponseBadRequest(_("There is no such button."))
    try:
        messages.success(request, press(release, _person(request)))
    except publishing.NotAsBuilt as error:
        faults = error.verification.faults
        shown = "; ".join(faults[:FAULTS_SHOWN])
        said = ngettext(
            "Not approved, %(n)d fault was found: %(faults)s. Abandon this release and draft the next.",
            "Not approved, %(n)d faults were found: %(faults)s. Abandon this release and draft the next.",
            len(faults),
        )
        messages.error(request, said % {"n": len(faults), "faults": shown})
    except publishing.Overtaken as error:
        said = _("Release %(version)s has been published meanwhile. Abandon this one and draft the next.")
        messages.error(request, said % {"version": error})
    except tuple(REFUSALS) as error:
        messages.error(request, str(REFUSALS[type(error)]))
    return redirect("releases:detail", version=version)


def _freeze(release: Release, manager: User) -> str:
    drafting.freeze(release=release, manager=manager, at=timezone.now())
    return _("The case list is frozen. A worker builds the release, and then verifies it.")


def _approve(release: Release, manager: User) -> str:
    publishing.approve(release=release, approver=manager, at=timezone.now())
    return _("The release is approved.")


def _publish(release: Release, manager: User) -> str:
    publishing.publish(release=release, manager=manager, at=timezone.now())
    return _("The release is published.")


def _abandon(release: Release, manager: User) -> str:
    drafting.abandon(release=release, manager=manager, at=timezone.now())
    return _("The release is abandoned. A worker deletes its files.")


def _retry(release: Release, manager: User) -> str:
    drafting.try_again(release=release, manager=manager, at=timezone.now())
    return _("A worker tries again.")


BUTTONS: dict[str, Callable[[Release, User], str]] = {
    "freeze": _freeze,
    "approve": _approve,
    "publish": _publish,
    "abandon": _abandon,
    "retry": _retry,
}
REFUSALS: dict[type[Exception], str | Promise] = {
    drafting.NothingToRelease: gettext_lazy("No admitted case has all its labels yet, so there is nothing to release."),
    drafting.NoLongerPossible: gettext_lazy("This is not possible any more: the release has moved on. See below."),
    publishing.ByItsBuilder: gettext_lazy("You built this release. Another release manager has to approve it."),
    publishing.NotVerified: gettext_lazy("The release is still being verified. Look again in a minute."),
    publishing.HasWithdrawnCases: gettext_lazy(
        "A case of this release was withdrawn since it was built. Abandon it and draft the next."
    ),
    Unavailable: gettext_lazy("The storage does not answer. Nothing has changed; try again in a minute."),
}


def _ready() -> dict[str, Any]:
    return {
        "ready": queries.releasable_cases().count(),
        "unready": queries.cases_still_in_labeling().count(),
    }


def _is_manager(request: HttpRequest) -> bool:
    return Role.RELEASE_MANAGER in roles_of(request.user)


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)  # for_role lets nobody else in
