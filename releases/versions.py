"""Version numbers of releases: MAJOR.MINOR.PATCH, as in semver.org without its suffixes."""

import re

Version = tuple[int, int, int]


def parse(text: str) -> Version:
    """The three numbers of "1.0.0", which compare as versions do. Raises ValueError for anything else."""
    found = re.fullmatch(r"(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})", text, re.ASCII)
    if found is None:
        raise ValueError(f"not a version: {text!r}")
    major, minor, patch = map(int, found.groups())
    return major, minor, patch
