"""Look it over, send it, or delete it; then the receipt code."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit import trail
from contrib_portal import journey, queries, receipts, wording
from contrib_portal.actions import expiring, submitting
from contrib_portal.models import Contribution, SelfReport
from contrib_portal.views import returning, visit


@require_http_methods(["GET", "HEAD", "POST"])
@visit.with_draft
def check(request: HttpRequest, *, contribution: Contribution) -> HttpResponseBase:
    """`/check`: everything on one page, with change links; Send."""
    if request.method != "POST":
        return _check_page(request, contribution)
    code = visit.code_of(request, contribution) or receipts.new_code()
    digest = visit.digest_of(code)
    try:
        submitting.submit(contribution=contribution, receipt_digest=digest, at=timezone.now())
    except submitting.MissingCloseUp:
        return _check_page(request, contribution, lacks_close_up=True, status=422)
    except submitting.ConsentOutdated:
        return redirect(journey.url("consent-agree") + "?outdated")
    response = redirect("contrib_portal:sent")
    contribution.refresh_from_db()
    if contribution.receipt_digest == digest:
        visit.keep_code(response, code, seconds=visit.WHILE_DRAFTING)
    return response


def _check_page(
    request: HttpRequest, contribution: Contribution, *, lacks_close_up: bool = False, status: int = 200
) -> HttpResponse:
    taken = set(queries.live_images(contribution).values_list("shot_type", flat=True))
    report = queries.answers(contribution)
    photos = [
        {
            "name": wording.SHOTS[shot.shot_type],
            "preview": journey.url(shot.preview_name) if shot.shot_type in taken else "",
            "is_required": shot.is_required,
            "change_url": returning.change(shot),
        }
        for shot in journey.SHOTS
    ]
    rows = [
        {"key": asked.short, "value": _answer(report, asked.column), "change_url": returning.change(asked)}
        for asked in journey.QUESTIONS
    ]
    context = {
        "photos": photos,
        "rows": rows,
        "consent": queries.latest_consent(contribution),
        "close_up": returning.change(journey.SHOTS[0]),
        "lacks_close_up": lacks_close_up,
        "back": journey.url(journey.STEPS[-1].name),
    }
    return render(request, "contrib_portal/check.html", context, status=status)


def _answer(report: SelfReport, column: str) -> str:
    """An answer in words."""
    value: Any = getattr(report, column)
    if not value:
        return _("Skipped") if column in report.skipped else _("No answer")
    if column == "age":
        return str(value)
    words = wording.ANSWERS[column]
    codes = value if isinstance(value, list) else [value]
    return ", ".join(str(words[code]) for code in codes)


@require_safe
def sent(request: HttpRequest) -> HttpResponseBase:
    """`/sent`: the receipt code, as long as this browser keeps it."""
    contribution = visit.contribution_of(request)
    if contribution is None:
        return visit.ended(request, status=403)
    if contribution.status == Contribution.Status.DRAFT:
        return redirect("contrib_portal:check")
    if contribution.status != Contribution.Status.SUBMITTED:
        return visit.ended(request, status=410)
    code = visit.code_of(request, contribution)
    receipt_url = request.build_absolute_uri(journey.url("receipt"))
    qr = segno.make(f"{receipt_url}#{code}", error="m").svg_data_uri(scale=4) if code else ""
    response = render(request, "contrib_portal/sent.html", {"code": code, "qr": qr, "receipt_url": receipt_url})
    if code and request.session.get("code_shown") != contribution.pk:  # looking again does not begin a new hour
        request.session["code_shown"] = contribution.pk
        visit.keep_code(response, code, seconds=visit.ONCE_SHOWN)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@visit.with_draft
def stop(request: HttpRequest, *, contribution: Contribution) -> HttpResponseBase:
    """`/stop`: give up a draft; everything in it is deleted."""
    if request.method != "POST":
        return render(request, "contrib_portal/stop.html", {"back": journey.url("check")})
    expiring.expire(contribution=contribution, actor=trail.CONTRIBUTOR, at=timezone.now())
    visit.forget(request)
    response = redirect("contrib_portal:stopped")
    response.delete_cookie(visit.CODE_COOKIE)
    return response


@require_safe
def stopped(request: HttpRequest) -> HttpResponse:
    """`/stopped`."""
    return render(request, "contrib_portal/stopped.html")
