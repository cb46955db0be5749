"""Make one account for each role, and more where the demonstration needs several; print them as JSON."""

import json
import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.models import User
from core.roles import Role
from labeling.models import SkinTonePoolMember

PEOPLE = [
    ("moderator", Role.MODERATOR),
    ("dermatologist-1", Role.DERMATOLOGIST),
    ("dermatologist-2", Role.DERMATOLOGIST),
    ("dermatologist-3", Role.DERMATOLOGIST),
    ("release-manager-1", Role.RELEASE_MANAGER),
    ("release-manager-2", Role.RELEASE_MANAGER),
    ("coordinator", Role.COORDINATOR),
    ("auditor", Role.AUDITOR),
    ("administrator", Role.ADMINISTRATOR),
]


class Command(BaseCommand):
    help = (
        "Make demonstration accounts with new random passwords and print them as JSON. Not under production settings."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--domain", default="demo.example", help="what stands behind the @ of every address")

    @transaction.atomic
    def handle(self, *args: Any, domain: str, **options: Any) -> None:
        if settings.SETTINGS_MODULE.endswith("production"):
            raise CommandError("Demonstration accounts are not for a real study.")
        graders = [(f"grader-{pool}", Role.SKIN_TONE_GRADER) for pool in settings.STUDY["skin_tone_pools"]]
        accounts = [self._account(f"{name}@{domain}", role) for name, role in PEOPLE + graders]
        for pool in settings.STUDY["skin_tone_pools"]:
            grader = User.objects.get(email=f"grader-{pool}@{domain}")
            SkinTonePoolMember.objects.update_or_create(grader=grader, defaults={"pool": pool})
        self.stdout.write(json.dumps(accounts))

    def _account(self, email: str, role: Role) -> dict[str, str]:
        user, _ = User.objects.get_or_create(email=email, defaults={"username": email})
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        user.set_password(password)
        user.is_staff = user.is_superuser = role is Role.ADMINISTRATOR
        user.save()
        user.groups.set([Group.objects.get(name=role)])
        return {"email": email, "password": password, "role": role}
