"""Answers are saved one page at a time. What a draft says leaves no line in the audit trail: it may be given up unseen."""

from datetime import datetime
from typing import Any

from django.db import transaction

from contrib_portal.actions import drafting
from contrib_portal.models import Contribution, SelfReport


def answer(*, contribution: Contribution, column: str, value: Any, at: datetime) -> None:
    """Keep the answer to one question. An empty one ("" or [] or None) is remembered as shown and left empty.

    Raises drafting.NotADraft.
    """
    _keep(contribution, column, value, listed_in="" if value else "left_empty", at=at)


def skip(*, contribution: Contribution, column: str, at: datetime) -> None:
    """The person pressed Skip: an earlier answer to this question goes. Raises drafting.NotADraft."""
    _keep(contribution, column, getattr(SelfReport(), column), listed_in="skipped", at=at)


def _keep(contribution: Contribution, column: str, value: Any, *, listed_in: str, at: datetime) -> None:
    with transaction.atomic():
        locked = drafting.lock(contribution=contribution)
        report = SelfReport.objects.get(contribution=locked)
        lists = {
            name: [other for other in getattr(report, name) if other != column] for name in ("skipped", "left_empty")
        }
        if listed_in:
            lists[listed_in].append(column)
        SelfReport.objects.filter(pk=report.pk).update(**{column: value}, **lists)
        Contribution.objects.filter(pk=locked.pk).update(touched_at=at)
