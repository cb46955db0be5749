"""Lay graders estimate the Monk Skin Tone: one estimate for each case and pool."""

from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction

from audit import trail
from core.models import User
from core.states import move
from core.vocabulary import MonkSkinTone
from labeling.models import SkinToneAssignment, SkinToneEstimate, SkinTonePoolMember
from labeling.queries import open_cases_for_pool, pool_of, skin_tone_held_by
from privacy.queries import is_visible

HELD, SUBMITTED, EXPIRED = SkinToneAssignment.Status


class LeaseGone(Exception):
    """The lease has ended, and another grader has the case or it is no longer there."""


class NoPool(Exception):
    """The grader belongs to none of the study's pools."""


@transaction.atomic
def claim(*, grader: User, at: datetime) -> SkinToneAssignment | None:
    """The case to grade next, held until `at + settings.LEASE`; None where there is none. Raises NoPool.

    A grader has one case at a time: a reload or a second tab shows the same one.
    """
    pool = pool_of(grader)
    if pool is None:
        raise NoPool(grader.email)
    SkinTonePoolMember.objects.select_for_update(no_key=True).get(grader=grader)  # two tabs take turns
    until = at + settings.LEASE
    for own in skin_tone_held_by(grader).filter(pool=pool):
        if SkinToneAssignment.objects.filter(pk=own.pk, status=HELD).update(leased_until=until):
            return own
    passed: list[int] = []
    while (case := open_cases_for_pool(pool, at=at).exclude(pk__in=passed).first()) is not None:
        _expire(case.pk, pool, at)
        token = uuid4()
        lease = SkinToneAssignment(case=case, pool=pool, grader=grader, token=token, held_at=at, leased_until=until)
        # The unique constraint decides between two graders who reach for the same case.
        SkinToneAssignment.objects.bulk_create([lease], ignore_conflicts=True)
        if (ours := SkinToneAssignment.objects.filter(token=token).select_related("case").first()) is not None:
            return ours
        passed.append(case.pk)
    return None


def _expire(case_id: int, pool: str, at: datetime) -> None:
    stale = SkinToneAssignment.objects.filter(case=case_id, pool=pool, status=HELD, leased_until__lte=at)
    stale.update(status=EXPIRED)


def renew(*, token: UUID, grader: User, at: datetime) -> datetime:
    """The page is still being worked on: hold the case until the time returned. Raises LeaseGone."""
    until = at + settings.LEASE
    if not skin_tone_held_by(grader).filter(token=token).update(leased_until=until):
        raise LeaseGone(str(token))
    return until


@transaction.atomic
def submit(
    *, token: UUID, grader: User, monk: MonkSkinTone | None, difficult: bool, at: datetime
) -> tuple[SkinToneEstimate, bool]:
    """Store the estimate of the case held under `token`; `monk` is None where the skin tone cannot be judged.

    (estimate, True), or (the estimate of before, False) when repeated. A lease that ran out is honoured while nobody
    else has the case. Raises LeaseGone: nothing is stored.
    """
    assignment = SkinToneAssignment.objects.select_for_update().filter(token=token, grader=grader).first()
    if assignment is None or not is_visible(assignment.case):
        raise LeaseGone(str(token))
    case, pool = assignment.case, assignment.pool
    before = SkinToneEstimate.objects.filter(case=case, pool=pool).first()
    if before is not None and before.grader_id == grader.pk:
        return before, False
    if assignment.status == EXPIRED:
        _expire(case.pk, pool, at)
        standing = SkinToneAssignment.objects.filter(case=case, pool=pool, status__in=SkinToneAssignment.TAKES_THE_CASE)
        held = standing.select_for_update().first()
        if held is not None and held.grader_id != grader.pk:
            raise LeaseGone(str(token))
        assignment = held or assignment
    try:
        with transaction.atomic():
            move(assignment, SUBMITTED)
    except IntegrityError as taken_this_instant:
        raise LeaseGone(str(token)) from taken_this_instant
    estimate = SkinToneEstimate.objects.create(
        case=case,
        pool=pool,
        grader=grader,
        gradable=monk is not None,
        monk=monk.value if monk else None,
        difficult=difficult,
        estimated_at=at,
    )
    trail.record(
        "skin-tone-estimated",
        actor=grader,
        subject=f"Case {case.pk}",
        at=at,
        pool=pool,
        seconds=int((at - assignment.held_at).total_seconds()),
    )
    return estimate, True
