"""Pages that were opened from `/check` (`?return=check`) lead back there."""

from django.http import HttpRequest
from django.utils.http import urlencode

from contrib_portal import journey

RETURN = {"return": "check"}


def is_wanted(request: HttpRequest) -> bool:
    """Whether this page was opened from `/check`."""
    return request.GET.get("return") == RETURN["return"]


def here(request: HttpRequest, step: journey.Step, **more: str) -> str:
    """The address of this step, still on the way back where it was."""
    return _with(journey.url(step.name), (RETURN if is_wanted(request) else {}) | more)


def change(step: journey.Step) -> str:
    """The address of the step for a change link on `/check`."""
    return _with(journey.url(step.name), RETURN)


def see_a_doctor(request: HttpRequest) -> str:
    """The address of the interruption, on the same way."""
    return _with(journey.url("see-a-doctor"), RETURN if is_wanted(request) else {})


def after(request: HttpRequest, step: journey.Step) -> str:
    """Where to go from this step."""
    return journey.url("check") if is_wanted(request) else journey.after(step)


def before(request: HttpRequest, step: journey.Step) -> str:
    """Where the back link leads."""
    return journey.url("check") if is_wanted(request) else journey.before(step)


def _with(address: str, query: dict[str, str]) -> str:
    return f"{address}?{urlencode(query)}" if query else address
