"""What every template may say."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.roles import roles_of


def study(request: HttpRequest) -> dict[str, Any]:
    """`study`: its name, organisation, contact_email, country."""
    return {"study": settings.STUDY}


def staff_pages(request: HttpRequest) -> dict[str, Any]:
    """`staff_pages`: the pages that this person's roles open, each (URL name, label)."""
    user = getattr(request, "user", None)
    if user is None or not request.path.startswith("/staff/"):
        return {"staff_pages": []}
    roles = roles_of(user)
    opened = {url: label for url, role, label in settings.STAFF_PAGES if role in roles}  # once, whatever the roles
    return {"staff_pages": list(opened.items())}
