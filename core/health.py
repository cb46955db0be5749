"""Invariants that a running study checks on itself. Liveness is that the oldest due work is young, not that a process is up."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

LATE = timedelta(minutes=5)


def problems(at: datetime) -> list[str]:
    """What is wrong, a sentence each, over all rooms (settings.HEALTH). Empty when all is well."""
    checks: list[Callable[[datetime], list[str]]] = [import_string(name) for name in settings.HEALTH]
    return [problem for check in checks for problem in check(at)]


def late(queryset: models.QuerySet[models.Model], at: datetime, what: str) -> list[str]:
    """A sentence if work (rows of a LeasedWork model) has been due for more than five minutes."""
    overdue = queryset.filter(due_at__lt=at - LATE).count()
    return [f"{overdue} {what} due for more than five minutes"] if overdue else []
