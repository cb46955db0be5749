"""Work behind the doorbells. Each task looks for what is due and calls one action; losing a call costs a minute."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from audit import trail
from contrib_portal import queries
from contrib_portal.actions import drafting, erasing, expiring, sweeping
from contrib_portal.models import Withdrawal
from core import leases

log = logging.getLogger(__name__)


@shared_task
def erase_withdrawn() -> None:
    """Every withdrawal is erased in every room."""
    while row := leases.claim(Withdrawal.objects.all(), at=timezone.now(), lease=settings.LEASE):
        try:
            erasing.erase_everywhere(reference=row.contribution.reference, at=timezone.now())
        except erasing.StorageDown:
            # Not the row's fault, and nobody's promise: it is tried until storage is back.
            leases.retry(row, at=timezone.now(), attempts=0)
        except Exception:
            log.exception("withdrawal %s could not be erased", row.pk)
            leases.retry(row, at=timezone.now())
        else:
            leases.finish(row, erased_at=timezone.now())


@shared_task
def erase_replaced() -> None:
    """Photos that gave way to another one leave storage."""
    for image in queries.replaced_images():
        try:
            erasing.erase_image(image=image)
        except erasing.StorageDown:
            return


@shared_task
def expire_drafts() -> None:
    """Drafts of more than seven days end; what is left of ended ones is erased."""
    for contribution in queries.forgotten_drafts(timezone.now()):
        try:
            # It may have been saved or sent while we ended the ones before it.
            expiring.expire(contribution=contribution, actor=trail.WORKER, at=timezone.now(), only_if_forgotten=True)
        except drafting.NotADraft:
            continue
    for contribution in queries.expired_and_not_erased():
        try:
            erasing.erase(reference=contribution.reference, at=timezone.now())
        except erasing.StorageDown:
            return


@shared_task
def sweep_storage() -> None:
    """Rows and objects are reconciled."""
    try:
        rows, objects = sweeping.sweep(at=timezone.now())
    except erasing.StorageDown:
        return
    if rows or objects:
        log.warning("swept %s photos that never arrived and %s objects without a row", rows, objects)
