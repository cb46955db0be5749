"""What a running study checks on this room."""

from datetime import datetime

from core.health import LATE, late
from privacy import queries


def problems(at: datetime) -> list[str]:
    """A sentence for each: contributions without a case, images that wait too long, cases that nobody handed on."""
    found = late(queries.images_to_check(), at, "images to be cleaned have been")
    waiting = queries.contributions_without_case().filter(submitted_at__lt=at - LATE).count()
    if waiting:
        found.append(f"{waiting} contributions have had no case for more than five minutes")
    stuck = queries.checked_cases().filter(opened_at__lt=at - LATE).count()
    if stuck:
        found.append(f"{stuck} cases are checked and were not handed to a moderator")
    return found
