"""The receipt: a code opens what became of a contribution, the text agreed to, and the way to take it back."""

from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from audit import trail
from contrib_portal import queries
from contrib_portal.actions import withdrawing
from contrib_portal.forms import CodeForm
from contrib_portal.models import Contribution
from contrib_portal.views import texts, visit
from core import progress, ratelimit

OPEN_FOR = timedelta(minutes=15)
LOOKUPS = 30
LOOKUP_WINDOW = timedelta(minutes=10)


@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponseBase:
    """`/receipt`: asks for a code; shows the contribution while it is open."""
    if request.method == "POST":
        if "close" in request.POST:
            request.session.pop("receipt", None)
            return redirect("contrib_portal:receipt")
        return _look_up(request)
    contribution = _opened(request, timezone.now())
    if contribution is None:
        return render(request, "contrib_portal/receipt.html", {"form": CodeForm()})
    consent = queries.latest_consent(contribution)
    context = {
        "contribution": contribution,
        "is_withdrawn": contribution.status == Contribution.Status.WITHDRAWN,
        "steps": progress.of(str(contribution.reference)),
        "erasures": trail.erasures(contribution.reference),
        "consent": consent,
        "paragraphs": texts.paragraphs(consent.document.body) if consent else [],
    }
    return render(request, "contrib_portal/receipt_status.html", context)


def _look_up(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    try:
        address = ratelimit.address(request)
        ratelimit.hit(scope="receipt", identity=address, limit=LOOKUPS, window=LOOKUP_WINDOW, at=now)
    except ratelimit.TooMany as too_many:
        context = {"retry_at": too_many.retry_at, "minutes": _minutes(too_many.retry_at - now)}
        response = render(request, "contrib_portal/too_many.html", context, status=429)
        response["Retry-After"] = str(max(1, int((too_many.retry_at - now).total_seconds())))
        return response
    form = CodeForm(request.POST)
    if form.is_valid():
        contribution = queries.by_receipt(visit.digest_of(form.cleaned_data["code"]))
        if contribution is not None:
            request.session.cycle_key()
            request.session["receipt"] = {"contribution": contribution.pk, "until": (now + OPEN_FOR).isoformat()}
            return redirect("contrib_portal:receipt")
        form.add_error("code", _("We have no contribution under this code. Is it from this study, and the whole code?"))
    return render(request, "contrib_portal/receipt.html", {"form": form}, status=422)


def _minutes(wait: timedelta) -> int:
    return max(1, -(-int(wait.total_seconds()) // 60))


def _opened(request: HttpRequest, at: datetime) -> Contribution | None:
    """The contribution that a code opened in this browser less than 15 minutes ago."""
    access = request.session.get("receipt")
    if not access or datetime.fromisoformat(access["until"]) <= at:
        return None
    return Contribution.objects.filter(pk=access["contribution"]).first()


def _with_receipt(view: visit.View) -> visit.View:
    """A page that a code has opened; otherwise it is asked for first."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        contribution = _opened(request, timezone.now())
        if contribution is None:
            return redirect("contrib_portal:receipt")
        return view(request, *args, contribution=contribution, **kwargs)

    return page


@require_http_methods(["GET", "HEAD", "POST"])
@_with_receipt
def withdraw(request: HttpRequest, *, contribution: Contribution) -> HttpResponseBase:
    """`/receipt/withdraw`: says what happens and what cannot be undone; then does it."""
    if request.method != "POST":
        if contribution.status == Contribution.Status.WITHDRAWN:
            return redirect("contrib_portal:receipt")
        return render(request, "contrib_portal/withdraw.html")
    withdrawing.withdraw(contribution=contribution, at=timezone.now())
    return redirect("contrib_portal:receipt")


@require_safe
@_with_receipt
def agreed_text(request: HttpRequest, *, contribution: Contribution) -> HttpResponseBase:
    """`/receipt/consent.txt`: exactly what was agreed to, to keep."""
    consent = queries.latest_consent(contribution)
    return texts.as_file(consent.document) if consent else redirect("contrib_portal:receipt")
