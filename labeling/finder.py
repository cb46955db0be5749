"""From what was typed to the condition that is meant."""

import difflib
from collections.abc import Iterable

from labeling.models import Condition


class Finder:
    """Finds conditions by name, synonym or abbreviation; case and spaces do not matter."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        self._by_key: dict[str, Condition] = {}
        known = list(conditions)
        for condition in known:
            self._by_key[_key(condition.name)] = condition
        for condition in known:  # a name always means itself, even where it is somebody else's synonym
            for synonym in condition.synonyms:
                self._by_key.setdefault(_key(synonym), condition)

    def find(self, text: str) -> Condition | None:
        """The condition of exactly this name or synonym."""
        return self._by_key.get(_key(text))

    def nearest(self, text: str, *, most: int = 3) -> list[str]:
        """Names of the conditions that were perhaps meant, the nearest first; at most `most`, perhaps none."""
        key = _key(text)
        close = difflib.get_close_matches(key, self._by_key, n=most * 3, cutoff=0.6)
        close += sorted((known for known in self._by_key if key and key in known), key=len)
        return list(dict.fromkeys(self._by_key[known].name for known in close))[:most]


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
