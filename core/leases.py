"""Work that cannot be lost: every piece of it is a row, and whoever works on a row holds a lease on it.

A claim is `SELECT … FOR UPDATE SKIP LOCKED`; the work runs outside the transaction; its result is a compare-and-set on
the lease. A worker that is killed leaves a lease that runs out, and the row is due again.
"""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction

MAX_ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=20)


class LeasedWork(models.Model):
    """A row that is a piece of work. `due_at` is NULL once there is nothing left to do."""

    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True


class LeaseLost(Exception):
    """Another worker holds the row by now; this one's result is thrown away."""


Work = TypeVar("Work", bound=LeasedWork)


def _free(queryset: models.QuerySet[Work], at: datetime) -> models.QuerySet[Work]:
    return queryset.filter(due_at__lte=at).filter(models.Q(leased_until=None) | models.Q(leased_until__lte=at))


def claim(queryset: models.QuerySet[Work], *, at: datetime, lease: timedelta) -> Work | None:
    """The oldest due row that nobody holds and that has attempts left, now held until `at + lease`; None without work."""
    with transaction.atomic():
        row = (
            _free(queryset, at)
            .filter(attempts__lt=MAX_ATTEMPTS)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("due_at")
            .first()
        )
        if row is not None:
            row.leased_until = at + lease
            row.attempts += 1
            row.save(update_fields=["leased_until", "attempts"])
        return row


def exhausted(queryset: models.QuerySet[Work], *, at: datetime) -> models.QuerySet[Work]:
    """Rows whose every attempt has failed or died: a person has to look."""
    return _free(queryset, at).filter(attempts__gte=MAX_ATTEMPTS)


def finish(row: LeasedWork, **changes: Any) -> None:
    """Store the result of a claimed row and end its work. Raises LeaseLost."""
    _give_up_lease(row, due_at=None, **changes)


def retry(row: LeasedWork, *, at: datetime, **changes: Any) -> None:
    """Give a claimed row back after a failure, due again a little later. Raises LeaseLost."""
    _give_up_lease(row, due_at=at + RETRY_AFTER * row.attempts, **changes)


def _give_up_lease(row: LeasedWork, **changes: Any) -> None:
    changes["leased_until"] = None
    held = type(row)._default_manager.filter(pk=row.pk, leased_until=row.leased_until)
    if row.leased_until is None or not held.update(**changes):
        raise LeaseLost(f"{type(row).__name__} {row.pk}")
    for name, value in changes.items():
        setattr(row, name, value)
