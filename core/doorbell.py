"""PostgreSQL is the queue; this is the bell on its door. A ring that is lost costs a minute, since beat rings as well."""

import logging

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def ring(name: str) -> None:
    """After the transaction commits, tell the task behind the doorbell `name` (settings.DOORBELLS) to look for work.

    Raises KeyError for a name nobody answers to. A broker that is away is logged, never shown.
    """
    task = settings.DOORBELLS[name]
    transaction.on_commit(lambda: _send(task), robust=True)


def _send(task: str) -> None:
    try:
        current_app.send_task(task, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("the doorbell of %s did not ring: %s", task, type(error).__name__)
