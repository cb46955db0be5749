"""Work of this room that nobody waits for."""

from celery import shared_task
from django.utils import timezone

from labeling.actions import assigning


@shared_task
def open_label_tasks() -> None:
    """Queue every admitted case for the labelers."""
    assigning.open_tasks(at=timezone.now())
