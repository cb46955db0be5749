"""Draw docs/states.md from the code: every `Status` and its MOVES."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

HEAD = """# States

Drawn by `make docs` from each model's `Status.MOVES`; a test fails when this page is stale. A move is one
compare-and-set in the database (`core/states.py`), so a row never moves twice from the same state.
"""


def draw() -> str:
    """The page, as Markdown with a Mermaid diagram for each model that has states."""
    sections = [HEAD]
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
        status = getattr(model, "Status", None)
        if status is None:
            continue
        default = model().status  # type: ignore[attr-defined]
        lines = [f"    [*] --> {default}"]
        for source, targets in status.MOVES.items():
            lines += [f"    {source} --> {target}" for target in status.values if target in targets]
            if not targets:
                lines.append(f"    {source} --> [*]")
        diagram = "\n".join(lines)
        sections.append(f"## {model._meta.label}\n\n```mermaid\nstateDiagram-v2\n{diagram}\n```\n")
    return "\n".join(sections)


class Command(BaseCommand):
    help = "Draw the states of every model into a Markdown file."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, help="the file to write, such as docs/states.md")

    def handle(self, *args: Any, target: Path, **options: Any) -> None:
        target.write_text(draw(), encoding="utf-8")
        self.stdout.write(f"{target} is drawn.")
