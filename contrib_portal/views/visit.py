"""The visit: which contribution belongs to this browser. The session knows its row, a signed cookie its receipt code."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from contrib_portal import receipts
from contrib_portal.actions import drafting
from contrib_portal.models import Contribution

CODE_COOKIE = "receipt"
WHILE_DRAFTING = 7 * 24 * 3600
ONCE_SHOWN = 3600

View = Callable[..., HttpResponseBase]


def contribution_of(request: HttpRequest) -> Contribution | None:
    """What this browser is working on, or has just sent."""
    key = request.session.get("contribution")
    return Contribution.objects.filter(pk=key).first() if key else None


def remember(request: HttpRequest, contribution: Contribution) -> None:
    """From now on this browser works on `contribution`; under a new session key, as a change of rights needs."""
    request.session.cycle_key()
    request.session["contribution"] = contribution.pk


def forget(request: HttpRequest) -> None:
    """This browser has nothing to do with any contribution any more."""
    for name in ("contribution", "eligible", "campaign"):
        request.session.pop(name, None)


def with_draft(view: View) -> View:
    """A page of a draft: the view gets it as `contribution`.

    Without one it says what to do (403), for one that has ended as well (410); one that was sent leads to its receipt.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        contribution = contribution_of(request)
        if contribution is None:
            return ended(request, status=403)
        if contribution.status == Contribution.Status.DRAFT:
            # A page that is saved keeps the draft for seven days more; so does the session that leads to it.
            request.session.modified = request.method == "POST"
            try:
                return view(request, *args, contribution=contribution, **kwargs)
            except drafting.NotADraft:
                contribution.refresh_from_db()
        if contribution.status == Contribution.Status.SUBMITTED:
            return redirect("contrib_portal:sent")
        return ended(request, status=410)

    return page


def ended(request: HttpRequest, *, status: int) -> HttpResponse:
    """The visit is over: what is saved, what is not, and where to go."""
    return render(request, "contrib_portal/visit_ended.html", {"is_gone": status == 410}, status=status)


def digest_of(code: str) -> str:
    """What is stored for a receipt code. Raises receipts.Mistyped."""
    return receipts.digest(code, key=settings.RECEIPT_KEY)


def code_of(request: HttpRequest, contribution: Contribution) -> str:
    """The receipt code that this browser keeps for `contribution`; "" where it keeps none."""
    code: str = request.get_signed_cookie(CODE_COOKIE, default="", max_age=WHILE_DRAFTING) or ""
    try:
        return code if code and digest_of(code) == contribution.receipt_digest else ""
    except receipts.Mistyped:
        return ""


def keep_code(response: HttpResponseBase, code: str, *, seconds: int) -> None:
    """Let the browser keep a receipt code: nobody else has it."""
    response.set_signed_cookie(
        CODE_COOKIE,
        code,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
