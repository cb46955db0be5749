"""What a running study checks on this room."""

from datetime import datetime

from core.health import late
from releases import queries


def problems(at: datetime) -> list[str]:
    """A sentence for each: builds that have failed, releases that wait too long, withdrawn cases about to go out."""
    failed = queries.given_up(at)
    found = [
        f"Release {release.version} could not be {'verified' if release.built_at else 'built'} in three attempts"
        for release in failed.order_by("pk")
    ]
    found += late(queries.work().exclude(pk__in=failed), at, "releases to be built, verified or deleted have been")
    return found
