"""The one place that knows all rooms: who answers a doorbell, who tells progress, who erases, and in what order."""

from datetime import timedelta
from typing import Any

# Doorbell → the task that looks for work. Beat rings each of them every minute as well, so a lost ring costs a minute.
DOORBELLS = {
    "contribution-submitted": "privacy.tasks.open_cases",
    "case-opened": "privacy.tasks.check_images",
    "case-admitted": "labeling.tasks.open_label_tasks",
    "release-frozen": "releases.tasks.build_releases",
    "contribution-withdrawn": "contrib_portal.tasks.erase_withdrawn",
    "original-replaced": "contrib_portal.tasks.erase_replaced",
}

# How far a contribution is, in the order in which it happens: `progress(reference) -> list[core.progress.Step]`.
PROGRESS = [
    "contrib_portal.queries.progress",
    "privacy.queries.progress",
    "labeling.queries.progress",
    "releases.queries.progress",
]

# What was asked, for the question tables of a release: `questions() -> {column family: releases.schema.QuestionText-like}`.
QUESTIONS = {
    "app": "contrib_portal.queries.questions",
    "label": "labeling.queries.questions",
}

# Forgetting, from the top of the house down: `erase(*, reference, at)`, each of them safe to repeat.
ERASERS = [
    "releases.actions.erasing.erase",
    "labeling.actions.erasing.erase",
    "privacy.actions.erasing.erase",
    "contrib_portal.actions.erasing.erase",
]

# What production checks on itself: `problems(at) -> list[str]`.
HEALTH = [
    "contrib_portal.health.problems",
    "privacy.health.problems",
    "labeling.health.problems",
    "releases.health.problems",
]

# Work of staff: (URL name, role that may open it, what the link says).
STAFF_PAGES = [
    ("privacy:queue", "moderator", "Moderation"),
    ("labeling:next", "dermatologist", "Label cases"),
    ("labeling:next-skin-tone", "skin-tone grader", "Skin tones"),
    ("releases:list", "release manager", "Releases"),
    ("releases:list", "coordinator", "Releases"),
    ("releases:list", "auditor", "Releases"),
    ("audit:trail", "auditor", "Audit trail"),
    ("admin:index", "administrator", "Administration"),
]


def beat_schedule() -> dict[str, dict[str, Any]]:
    """Every doorbell once a minute, and the sweeps that have no bell."""
    every_minute = {
        f"every-minute:{name}": {"task": task, "schedule": timedelta(minutes=1), "options": {"expires": 55}}
        for name, task in DOORBELLS.items()
    }
    sweeps = {
        "core.tasks.forget_visits": timedelta(hours=1),
        "contrib_portal.tasks.expire_drafts": timedelta(hours=1),
        "contrib_portal.tasks.sweep_storage": timedelta(hours=1),
        "privacy.tasks.sweep_storage": timedelta(hours=1),
        "releases.tasks.sweep_storage": timedelta(hours=1),
        "audit.tasks.seal_yesterday": timedelta(hours=1),
    }
    return every_minute | {
        task: {"task": task, "schedule": period, "options": {"expires": period.total_seconds()}}
        for task, period in sweeps.items()
    }
