"""What people were asked, so that a release can say it: each room tells its own questions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Question:
    """A question as it is asked: its text, the hint below it, and the answers offered, in order; in English."""

    text: str
    help_text: str = ""
    options: tuple[str, ...] = ()


def asked(room: str) -> Mapping[str, Question]:
    """The questions of "app" (contributors) or "label" (labelers), by SCIN's column family. Raises KeyError."""
    tell: Callable[[], Mapping[str, Question]] = import_string(settings.QUESTIONS[room])
    return tell()
