"""Pages that belong to no room."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from core import health as checks
from core.roles import Role, for_role


def health(request: HttpRequest) -> JsonResponse:
    """For the alarm: 200 while every invariant holds, else 503. What is wrong stands on `/staff/`."""
    found = checks.problems(timezone.now())
    return JsonResponse({"healthy": not found}, status=503 if found else 200)


@for_role(*Role)
def staff_home(request: HttpRequest) -> HttpResponse:
    """What this person can do here."""
    return render(request, "core/staff_home.html", {"problems": checks.problems(timezone.now())})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)


def session_ended(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without its session (Django's CSRF check): says what to do; what was saved is still saved."""
    return render(request, "403_csrf.html", status=403)
