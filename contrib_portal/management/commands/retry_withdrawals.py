"""Withdrawals whose erasing has failed three times are tried again, once what was wrong has been put right."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from contrib_portal.actions import erasing


class Command(BaseCommand):
    help = "Try withdrawals again whose erasing has failed three times. See the worker's log for what was wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        count = erasing.try_again(at=timezone.now())
        self.stdout.write(f"{count} withdrawals are tried again.")
