"""Who may open what: roles are groups, and every page of staff names the role it is for."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from core.models import User


class Role(StrEnum):
    """The groups of staff. A person may have several."""

    MODERATOR = "moderator"
    DERMATOLOGIST = "dermatologist"
    SKIN_TONE_GRADER = "skin-tone grader"
    COORDINATOR = "coordinator"
    RELEASE_MANAGER = "release manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


def roles_of(user: User | AnonymousUser) -> set[str]:
    """The names of the roles a signed-in person has; empty for anybody else. A superuser is an administrator."""
    if not user.is_authenticated:
        return set()
    names = set(user.groups.values_list("name", flat=True))
    return names | {Role.ADMINISTRATOR.value} if user.is_superuser else names


View = Callable[..., HttpResponseBase]


def for_role(*roles: Role) -> Callable[[View], View]:
    """A view for people who have one of `roles`: others are asked to sign in, or refused with 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not roles_of(request.user) & set(roles):
                raise PermissionDenied("This page is for: " + ", ".join(roles))
            return view(request, *args, **kwargs)

        guarded.roles = roles  # type: ignore[attr-defined]
        return guarded

    return decorate
