"""The skin-tone grader's page."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.models import User
from core.roles import Role, for_role
from labeling import queries
from labeling.actions import grading
from labeling.forms import SkinToneForm
from labeling.models import SkinToneAssignment
from labeling.views.cases import hanging


@for_role(Role.SKIN_TONE_GRADER)
@require_http_methods(["GET", "POST"])
def next_case(request: HttpRequest) -> HttpResponse:
    """GET hands out a case (the same one until it is done) and shows it; POST stores its estimate."""
    grader, at = cast(User, request.user), timezone.now()
    if request.method == "POST":
        return _submit(request, grader, at)
    try:
        assignment = grading.claim(grader=grader, at=at)
    except grading.NoPool:
        return render(request, "labeling/no_pool.html")
    if assignment is None:
        return render(request, "labeling/nothing_to_do.html")
    return _page(request, assignment, SkinToneForm(initial={"token": assignment.token}), at)


def _submit(request: HttpRequest, grader: User, at: datetime) -> HttpResponse:
    form = SkinToneForm(request.POST)
    if not form.is_valid():
        token = form.cleaned_data.get("token")
        held = queries.skin_tone_held_by(grader).filter(token=token).first() if token else None
        return _gone(request) if held is None else _page(request, held, form, at, status=422)
    try:
        _estimate, is_new = grading.submit(
            token=form.cleaned_data["token"],
            grader=grader,
            monk=form.tone,
            difficult=form.cleaned_data["difficult"],
            at=at,
        )
    except grading.LeaseGone:
        return _gone(request)
    if not is_new:
        messages.info(request, _("This case was saved before. Nothing was changed."))
    return redirect("labeling:next-skin-tone")


def _page(
    request: HttpRequest, assignment: SkinToneAssignment, form: SkinToneForm, at: datetime, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "token": assignment.token,
        "places": hanging(assignment.case),
        "waiting": queries.open_cases_for_pool(assignment.pool, at=at).count(),
    }
    return render(request, "labeling/skin_tone.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "labeling/lease_gone.html", {"next": "labeling:next-skin-tone"}, status=409)


@for_role(Role.SKIN_TONE_GRADER)
@require_POST
def renew(request: HttpRequest, token: UUID) -> HttpResponse:
    """Called by the page while somebody works on it: 204, or 409 once the case is no longer theirs."""
    try:
        grading.renew(token=token, grader=cast(User, request.user), at=timezone.now())
    except grading.LeaseGone:
        return HttpResponse(status=409)
    return HttpResponse(status=204)
