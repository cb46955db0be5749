"""A withdrawn contribution is forgotten: nothing that anybody said of its case remains."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.models import Erasure
from audit.trail import record_erasure
from labeling.models import Assignment, Label, LabelTask, SkinToneAssignment, SkinToneEstimate
from privacy.queries import case_of


@transaction.atomic
def erase(*, reference: UUID | str, at: datetime) -> None:
    """Delete labels, estimates and leases of the contribution's case; leave the receipt. Safe to repeat.

    The receipt counts labels and estimates.
    """
    case = case_of(reference)
    items = 0
    if case is not None:
        list(LabelTask.objects.select_for_update().filter(case=case))  # a label that is being stored comes first
        items += Label.objects.filter(assignment__task__case=case).count()
        Label.objects.filter(assignment__task__case=case).delete()
        Assignment.objects.filter(task__case=case).delete()
        LabelTask.objects.filter(case=case).delete()
        list(SkinToneAssignment.objects.select_for_update().filter(case=case))
        items += SkinToneEstimate.objects.filter(case=case).delete()[0]
        SkinToneAssignment.objects.filter(case=case).delete()
    record_erasure(reference=reference, place=Erasure.Place.LABELS, items=items, at=at)
