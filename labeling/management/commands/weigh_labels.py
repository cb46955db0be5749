"""Weigh differentials that lie in a file; see labeling/differential.py for the rules."""

import json
import os
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandError

from labeling.differential import Ties, weigh

EXAMPLE = '{"case_id": 1, "labelers": [[["Eczema", 4], ["Psoriasis", 2]], [["Eczema", 5]]]}'
DIGITS = {"2": 2, "none": None}

HELP = f"""Weigh the labelers' differentials of each case (JSON Lines in, JSON Lines out). Needs no database.

An input line is one case, each labeler's conditions with a confidence, the larger the surer:
  {EXAMPLE}
Its output line, in the same order, holds the case_id as it was given and the weights:
  {{"case_id": 1, "weighted_skin_condition_label": {{"Eczema": 0.8, "Psoriasis": 0.2}}}}
Read with Python's json module, the weights have the repr that stands in SCIN's released cells.

--ties mean reproduces SCIN; a confidence is an integer from 1 to 5. --ties dense is inverse rank normalisation;
a confidence is any number from 0 up and only its order counts: give the k-th of n tied blocks the number n - k.

A line that cannot be weighed ends the run with its number and what to mend; OUTPUT is then left as it was."""


class Command(BaseCommand):
    help = HELP
    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "input", type=Path, metavar="INPUT.jsonl", help="the cases, one a line; empty lines are skipped"
        )
        parser.add_argument("output", type=Path, metavar="OUTPUT.jsonl", help="the file to write or to replace")
        parser.add_argument(
            "--ties", choices=get_args(Ties), default="mean", help="what tied entries weigh (default mean)"
        )
        parser.add_argument("--digits", choices=DIGITS, default="2", help="decimals to round to (default 2)")

    def handle(self, *args: Any, input: Path, output: Path, ties: Ties, digits: str, **options: Any) -> None:
        if output.exists() and not output.is_file():
            raise CommandError(f"{output} is not a file. Name a file to write the weights to.")
        if not output.parent.is_dir():
            raise CommandError(f"The folder {output.parent} does not exist. Make it, or name another file.")
        # Beside its target, so that a whole file takes the place of a whole file.
        unfinished = output.with_name(f".{output.name}.{os.getpid()}.unfinished")
        cases = 0
        try:
            with input.open("rb") as lines, unfinished.open("x", encoding="utf-8", newline="\n") as weighed:
                for number, line in enumerate(lines, start=1):
                    if not line.strip():
                        continue
                    try:
                        weighed.write(_weighed(line, ties=ties, digits=DIGITS[digits]) + "\n")
                    except ValueError as error:
                        raise CommandError(f"{input}, line {number}: {error}. {output} was not written.") from error
                    cases += 1
            unfinished.replace(output)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}. {output} was not written.") from error
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{cases} cases weighed: {output}")


def _weighed(line: bytes, *, ties: Ties, digits: int | None) -> str:
    """The output line of an input line. ValueError says what is wrong with it and what to do."""
    case = _parsed(line)
    if not isinstance(case, dict) or not {"case_id", "labelers"} <= case.keys():
        raise ValueError(f"a line is an object with case_id and labelers; write it like {EXAMPLE}")
    case_id, labelers = case["case_id"], case["labelers"]
    if isinstance(case_id, bool) or not isinstance(case_id, int | str):
        raise ValueError(f"case_id is {case_id!r}; give an integer or a string")
    if not isinstance(labelers, list) or not all(isinstance(entries, list) for entries in labelers):
        raise ValueError(f"labelers is not a list with a list for each labeler; write it like {EXAMPLE}")
    if not all(isinstance(entry, list) and len(entry) == 2 for entries in labelers for entry in entries):
        raise ValueError(f"an entry is not a pair of a condition and a confidence; write it like {EXAMPLE}")
    weights = weigh(
        [[(name, confidence) for name, confidence in entries] for entries in labelers], ties=ties, digits=digits
    )
    return json.dumps({"case_id": case_id, "weighted_skin_condition_label": weights})


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8").strip())
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start + 1} is not UTF-8; save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(
            f"no JSON ({error.msg} at column {error.colno}); write one object a line like {EXAMPLE}"
        ) from error
    except RecursionError as error:
        raise ValueError(f"brackets are nested too deep; write one object a line like {EXAMPLE}") from error
