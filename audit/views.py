"""The trail, for auditors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.models import AuditEvent, Seal
from core.roles import Role, for_role

PER_PAGE = 50
LARGEST_ID = 2**63 - 1


@require_safe
@for_role(Role.AUDITOR)
def trail(request: HttpRequest) -> HttpResponse:
    """The latest events, of one subject where `subject` names it; `before` (an id) turns the page."""
    subject = request.GET.get("subject", "").strip().replace("\x00", "")
    before = request.GET.get("before", "")
    events = AuditEvent.objects.order_by("-pk")
    if subject:
        events = events.filter(subject=subject)
    if before.isascii() and before.isdigit() and int(before) <= LARGEST_ID:
        events = events.filter(pk__lt=int(before))
    page = list(events[: PER_PAGE + 1])
    context = {
        "subject": subject,
        "before": before,
        "events": page[:PER_PAGE],
        "older_than": page[PER_PAGE - 1].pk if len(page) > PER_PAGE else None,
        "last_seal": Seal.objects.order_by("-day").first(),
    }
    return render(request, "audit/trail.html", context)
