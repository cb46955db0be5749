"""`manage.py download_release VERSION TARGET`: a published release as a folder, checked against SHA256SUMS.txt."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from releases.actions import downloading
from releases.actions.storing import Unavailable


class Command(BaseCommand):
    help = "Copies a published release into a folder, and checks every file against SHA256SUMS.txt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("release", metavar="VERSION", help="MAJOR.MINOR.PATCH of a published release.")
        parser.add_argument("target", metavar="TARGET", type=Path, help="An empty folder, or one that is made.")

    def handle(self, *, release: str, target: Path, **options: Any) -> None:
        try:
            files = downloading.download(version=release, target=target)
        except downloading.NotPublished as error:
            raise CommandError(f"There is no published release {release}.") from error
        except downloading.FolderNotEmpty as error:
            raise CommandError(f"TARGET must be an empty folder, or one that is not there yet: {target}") from error
        except downloading.NotAsBuilt as error:
            raise CommandError(f"Release {release} is not whole, nothing was copied: {error}.") from error
        except Unavailable as error:
            raise CommandError("The storage does not answer. Try again later.") from error
        except OSError as error:
            raise CommandError(f"Cannot write {target}: {error}") from error
        self.stdout.write(f"{files} files of release {release} are in {target}, all with the right SHA-256.")
