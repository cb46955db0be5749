"""Who gets which case to label, and for how long.

The row of a task is the lock on its slots: whoever gives one out or fills one holds it, so two people never get the same.
Whoever waits for a task while holding others does so in the order of the queue, so nothing here can deadlock.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from audit import trail
from core.models import User
from core.states import Stale, move
from labeling.models import Assignment, LabelTask
from labeling.queries import held_by, open_cases_for
from privacy.queries import admitted_cases


class LeaseGone(Exception):
    """The lease has ended, and the place is taken or the case is no longer there."""


def open_tasks(*, at: datetime) -> int:
    """Queue every admitted case that is not queued yet; how many. Safe to repeat and to run twice at once."""
    wanted = settings.STUDY["labels_per_case"]
    cases = list(admitted_cases().filter(label_task=None).values_list("pk", flat=True))
    tasks = [LabelTask(case_id=case_id, wanted=wanted, opened_at=at) for case_id in cases]
    LabelTask.objects.bulk_create(tasks, ignore_conflicts=True)
    return len(tasks)


def claim(*, labeler: User, at: datetime) -> Assignment | None:
    """The case to label next, held until `at + settings.LEASE`; None where there is none.

    A labeler has one case at a time: until it is submitted or given back, a reload or a second tab shows the same one.
    """
    # First what is free this instant, passing over tasks that somebody is being given; then waiting for those.
    for skip_locked in (True, False):
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=labeler.pk)  # two tabs take turns
            assignment = _own(labeler, at) or _free(labeler, at, skip_locked=skip_locked)
        if assignment is not None:
            return assignment
    return None


def _own(labeler: User, at: datetime) -> Assignment | None:
    for assignment in held_by(labeler):
        if _extend(assignment, at):
            return assignment
    return None


def _extend(assignment: Assignment, at: datetime) -> bool:
    until = at + settings.LEASE
    held = Assignment.objects.filter(pk=assignment.pk, status=Assignment.Status.HELD)
    assignment.leased_until = until
    return bool(held.update(leased_until=until))


def _free(labeler: User, at: datetime, *, skip_locked: bool) -> Assignment | None:
    passed: list[int] = []
    queue = open_cases_for(labeler, at=at).select_for_update(no_key=True, skip_locked=skip_locked, of=("self",))
    while (task := queue.exclude(pk__in=passed).select_related("case").first()) is not None:
        # The queue was read before the lock was had: somebody may have taken the last slot in between.
        slot = free_slot(task, at=at)
        if slot is not None:
            return Assignment.objects.create(
                task=task, labeler=labeler, slot=slot, token=uuid4(), held_at=at, leased_until=at + settings.LEASE
            )
        passed.append(task.pk)
    return None


def free_slot(task: LabelTask, *, at: datetime) -> int | None:
    """The lowest slot that nobody has, 1 to `task.wanted`; leases that ran out end here. The task must be locked."""
    task.assignments.filter(status=Assignment.Status.HELD, leased_until__lte=at).update(
        status=Assignment.Status.EXPIRED, ended_at=at
    )
    taken = set(task.assignments.filter(status__in=Assignment.TAKES_A_SLOT).values_list("slot", flat=True))
    return next((slot for slot in range(1, task.wanted + 1) if slot not in taken), None)


def renew(*, token: UUID, labeler: User, at: datetime) -> datetime:
    """The page is still being worked on: hold the case until the time returned. Raises LeaseGone."""
    assignment = held_by(labeler).filter(token=token).first()
    if assignment is None or not _extend(assignment, at):
        raise LeaseGone(str(token))
    return assignment.leased_until


@transaction.atomic
def give_back(*, token: UUID, labeler: User, at: datetime) -> None:
    """Leave the case to somebody else; it is not offered to this labeler again. Harmless where the lease has ended."""
    assignment = Assignment.objects.filter(token=token, labeler=labeler, status=Assignment.Status.HELD).first()
    if assignment is None:
        return
    try:
        move(assignment, Assignment.Status.RETURNED, ended_at=at)
    except Stale:
        return
    trail.record("case-given-back", actor=labeler, subject=f"Case {assignment.task.case_id}", at=at)
