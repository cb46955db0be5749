"""What a built release hides, as tables for its page."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from releases.mitigation import Hideable
from releases.models import Release

COLOURS = {"PUBLISHED": "green", "APPROVED": "turquoise", "BUILT": "blue", "FROZEN": "yellow", "ABANDONED": "grey"}
STEPS: dict[str, str | Promise] = {
    "hidden in an earlier release": _("Hidden in an earlier release"),
    "age_group": _("1. Age group of small classes"),
    "sex_at_birth": _("2. Sex at birth of classes that are still small"),
    "race_ethnicity": _("3. Combination of groups of classes that are still small"),
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """`steps`: (name, hidden cells per column) in order; `columns`: their names; `total`: the cells of all steps.
    `verification`: objects, bytes and faults, as far as the files were read again; empty before the first."""

    images: int
    withdrawn: int
    columns: list[str]
    steps: list[tuple[str | Promise, list[int]]]
    total: list[int]
    before: dict[str, int]
    after: dict[str, Any]
    verification: dict[str, Any]


def tag_colour(release: Release) -> str:
    """The colour of the tag that says its status."""
    return COLOURS.get(release.status, "")


def report_of(release: Release) -> Report | None:
    """What the build noted; None before it."""
    if not release.report:
        return None
    mitigation = release.report["mitigation"]
    columns = [cell.value for cell in Hideable]
    return Report(
        images=release.report["images"],
        withdrawn=release.report["withdrawn"],
        columns=columns,
        steps=[(STEPS[step["step"]], [step["hidden"][name] for name in columns]) for step in mitigation["steps"]],
        total=[mitigation["hidden"][name] for name in columns],
        before=mitigation["before"],
        after=mitigation["after"],
        verification=release.report.get("verification", {}),
    )
