"""How far a contribution is: each room tells its own steps, and the receipt page shows them in order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Step:
    """One step on the way: what it is (translated, for the contributor) and when it was done; None while it is not."""

    name: str
    done_at: datetime | None
    note: str = ""


def of(reference: str) -> list[Step]:
    """The steps of the contribution `reference`, in the order of settings.PROGRESS."""
    tellers: list[Callable[[str], list[Step]]] = [import_string(name) for name in settings.PROGRESS]
    return [step for tell in tellers for step in tell(reference)]
