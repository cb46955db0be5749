"""Rate limits kept in PostgreSQL. An address is known only as an HMAC under a key that is new every day."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from core.models import RateWindow


class TooMany(Exception):
    """The limit is used up until `retry_at`."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__(f"limit used up until {retry_at:%H:%M:%S}")
        self.retry_at = retry_at


def hit(*, scope: str, identity: str, limit: int, window: timedelta, at: datetime) -> None:
    """Count one attempt of `identity` in `scope`. Raises TooMany from the (limit + 1)th in a window on."""
    seconds = int(window.total_seconds())
    opened_at = datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, tz=at.tzinfo)
    day_key = hmac.digest(settings.SECRET_KEY.encode(), f"ratelimit {at:%Y-%m-%d}".encode(), hashlib.sha256)
    digest = hmac.new(day_key, f"{scope} {identity}".encode(), hashlib.sha256).hexdigest()
    table = RateWindow._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (scope, digest, opened_at, hits) VALUES (%s, %s, %s, 1) "  # noqa: S608
            f"ON CONFLICT (scope, digest, opened_at) DO UPDATE SET hits = {table}.hits + 1 RETURNING hits",
            [scope, digest, opened_at],
        )
        (hits,) = cursor.fetchone()
    if hits > limit:
        raise TooMany(opened_at + window)


def forget(*, before: datetime) -> int:
    """Delete the windows that were opened before `before`; how many."""
    return RateWindow.objects.filter(opened_at__lt=before).delete()[0]


def address(request: HttpRequest) -> str:
    """The address a request came from; nginx is the only proxy, and gunicorn sees it as the peer (see operations.md)."""
    forwarded: str = request.META.get("HTTP_X_REAL_IP", "") if settings.TRUST_REAL_IP else ""
    return forwarded or request.META.get("REMOTE_ADDR", "")
