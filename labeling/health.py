"""What this room checks on itself."""

from datetime import datetime

from django.db.models import Count, F, Q

from core.health import LATE
from core.vocabulary import Gradability
from labeling.models import Condition, Label, LabelTask
from privacy.queries import admitted_cases


def problems(at: datetime) -> list[str]:
    """A sentence for each invariant that does not hold."""
    found = []
    unqueued = admitted_cases().filter(label_task=None, decided_at__lt=at - LATE).count()
    if unqueued:
        found.append(f"{unqueued} cases were admitted more than five minutes ago and are not queued for labeling")
    if not Condition.objects.exists():
        found.append("there is no condition to choose from")
    submitted = Count("assignments", filter=Q(assignments__status="SUBMITTED"))
    unclosed = LabelTask.objects.annotate(n=submitted).filter(completed_at=None, n__gte=F("wanted")).count()
    if unclosed:
        found.append(f"{unclosed} cases have all their labels and are still open")
    named = Count("conditions")
    contradicting = (
        Label.objects.annotate(named=named)
        .exclude(
            Q(
                gradable=Gradability.DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT.value,
                condition_of_interest_is_clear=True,
                named__gt=0,
            )
            | Q(named=0, condition_of_interest_is_clear=False)
            | Q(named=0, condition_of_interest_is_clear=None)
        )
        .count()
    )
    if contradicting:
        found.append(f"{contradicting} labels name a condition where they may not, or none where they must")
    return found
