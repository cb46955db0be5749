"""What the demonstration prints: progress while it works, then one table."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Stage:
    """One row of the table: what went in, what came of it, seconds."""

    name: str
    went_in: str = ""
    came_out: str = ""
    seconds: float = 0.0
    _total: int = 0
    _done: int = 0

    def expect(self, total: int) -> None:
        """How many steps the stage has, for its progress bar."""
        self._total = total
        self._draw()

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        self._draw()

    def _draw(self) -> None:
        if sys.stderr.isatty() and self._total:
            filled = 24 * min(self._done, self._total) // self._total
            bar = "█" * filled + "·" * (24 - filled)
            sys.stderr.write(f"\r\033[K  {self.name:<30} {bar} {self._done}/{self._total}")
            sys.stderr.flush()


@dataclass
class Report:
    """The stages so far."""

    stages: list[Stage] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Measure one stage."""
        stage = Stage(name)
        self.stages.append(stage)
        if not sys.stderr.isatty():
            sys.stderr.write(f"  {name} …\n")
        started = time.monotonic()
        try:
            yield stage
        finally:
            stage.seconds = time.monotonic() - started
            if sys.stderr.isatty():
                sys.stderr.write(f"\r\033[K  {name:<30} {stage.seconds:6.1f} s\n")

    def table(self) -> str:
        """All stages, as a table of text."""
        rows = [("stage", "what went in", "what came of it", "seconds")]
        rows += [(s.name, s.went_in, s.came_out, f"{s.seconds:.1f}") for s in self.stages]
        rows.append(("", "", "in all", f"{sum(s.seconds for s in self.stages):.1f}"))
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines = [
            "  ".join(
                cell.rjust(width) if column == 3 else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in rows
        ]
        rule = "─" * len(lines[0])
        return "\n".join([rule, lines[0], rule, *lines[1:-1], rule, lines[-1], rule])
