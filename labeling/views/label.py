"""The dermatologist's page."""

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
from labeling.actions import assigning, labeling
from labeling.finder import Finder
from labeling.forms import LabelForm
from labeling.models import Assignment
from labeling.self_report import told
from labeling.views.cases import hanging


@for_role(Role.DERMATOLOGIST)
@require_http_methods(["GET", "POST"])
def next_case(request: HttpRequest) -> HttpResponse:
    """GET hands out a case (the same one until it is done) and shows it; POST stores its label."""
    labeler, at = cast(User, request.user), timezone.now()
    if request.method == "POST":
        return _submit(request, labeler, at)
    assignment = assigning.claim(labeler=labeler, at=at)
    if assignment is None:
        return render(request, "labeling/nothing_to_do.html", {"done": _today(labeler, at)})
    form = LabelForm(initial={"token": assignment.token}, finder=Finder([]))
    return _page(request, assignment, form, labeler, at)


def _submit(request: HttpRequest, labeler: User, at: datetime) -> HttpResponse:
    form = LabelForm(request.POST, finder=Finder(queries.conditions()))
    if not form.is_valid():
        token = form.cleaned_data.get("token")
        held = queries.held_by(labeler).filter(token=token).first() if token else None
        if held is None:
            return _gone(request, form)
        return _page(request, held, form, labeler, at, status=422)
    try:
        _label, is_new = labeling.submit(
            token=form.cleaned_data["token"], labeler=labeler, answers=form.answers(), at=at
        )
    except assigning.LeaseGone:
        return _gone(request, form)
    if not is_new:
        messages.info(request, _("This case was saved before. Nothing was changed."))
    return redirect("labeling:next")


def _page(
    request: HttpRequest, assignment: Assignment, form: LabelForm, labeler: User, at: datetime, status: int = 200
) -> HttpResponse:
    case = assignment.task.case
    return render(
        request,
        "labeling/label.html",
        {
            "form": form,
            "token": assignment.token,
            "places": hanging(case),
            "told": told(case),
            "conditions": queries.conditions(),
            "done": _today(labeler, at),
            "waiting": queries.open_cases_for(labeler, at=at).exclude(pk=assignment.task_id).count(),
        },
        status=status,
    )


def _gone(request: HttpRequest, form: LabelForm) -> HttpResponse:
    return render(request, "labeling/lease_gone.html", {"entered": form.entered, "next": "labeling:next"}, status=409)


def _today(labeler: User, at: datetime) -> int:
    return queries.labeled_since(labeler, at.replace(hour=0, minute=0, second=0, microsecond=0))


@for_role(Role.DERMATOLOGIST)
@require_POST
def renew(request: HttpRequest, token: UUID) -> HttpResponse:
    """Called by the page while somebody works on it: 204, or 409 once the case is no longer theirs."""
    try:
        assigning.renew(token=token, labeler=cast(User, request.user), at=timezone.now())
    except assigning.LeaseGone:
        return HttpResponse(status=409)
    return HttpResponse(status=204)


@for_role(Role.DERMATOLOGIST)
@require_POST
def give_back(request: HttpRequest, token: UUID) -> HttpResponse:
    """Leave the case to a colleague and take the next."""
    assigning.give_back(token=token, labeler=cast(User, request.user), at=timezone.now())
    return redirect("labeling:next")
