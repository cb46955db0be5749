"""What the demonstration's contributors say: rows of SCIN where its tables are at hand, else answers made up here."""

import csv
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SHOTS = ("CLOSE_UP", "AT_AN_ANGLE", "AT_DISTANCE")
SEVERAL = ("race_ethnicity", "textures", "body_parts", "condition_symptoms", "other_symptoms")
YOUNGEST = {"AGE_80_OR_ABOVE": 80} | {
    f"AGE_{low}_TO_{high}": low for low, high in ((18, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 79))
}

Answers = dict[str, str | list[str]]


@dataclass(frozen=True)
class Person:
    """One contributor: which shots, and an answer (text or list of codes) per question; a question left out is skipped."""

    shots: tuple[str, ...]
    answers: Answers = field(default_factory=dict)


def people(count: int) -> list[Person]:
    """`count` contributors, the same in every run."""
    folder = os.environ.get("SCIN_DIR")
    source = _from_scin(Path(folder) / "scin_cases.csv") if folder else _made_up()
    # Three photos, two, one, and again: more or less what people give, and the demonstration stays short.
    return [Person(SHOTS[: 3 - index % 3], next(source)) for index in range(count)]


def _from_scin(path: Path) -> Iterator[Answers]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    # Rows with several photos and answers tell more than the first ones of the file.
    rows.sort(key=lambda row: -sum(1 for value in row.values() if value))
    for row in rows[:: max(1, len(rows) // 60)]:
        answers: Answers = {}
        for name in SEVERAL:
            ticked = [
                column.removeprefix(f"{name}_")
                for column, value in row.items()
                if column.startswith(f"{name}_") and value == "YES" and not column.endswith("_mitigation")
            ]
            if ticked:
                answers[name] = ticked
        for name in ("fitzpatrick_skin_type", "related_category", "condition_duration"):
            if row[name]:
                answers[name] = row[name]
        if row["sex_at_birth"] in {"FEMALE", "MALE"}:
            answers["sex_at_birth"] = row["sex_at_birth"]
        if age := YOUNGEST.get(row["age_group"]):
            answers["age"] = str(age + 3)
        yield answers


def _made_up() -> Iterator[Answers]:
    rng = random.Random(2024)  # noqa: S311 - the same people in every run, not a secret
    pick = rng.choice
    while True:
        answers: Answers = {
            "body_parts": rng.sample(["arm", "leg", "torso_back", "palm", "head_or_neck"], rng.randint(1, 2)),
            "related_category": pick(["RASH", "ACNE", "GROWTH_OR_MOLE", "PIGMENTARY_PROBLEM"]),
            "textures": rng.sample(["raised_or_bumpy", "flat", "rough_or_flaky"], rng.randint(1, 2)),
            "condition_symptoms": rng.sample(["itching", "burning", "bothersome_appearance"], rng.randint(1, 2)),
            "other_symptoms": pick([["no_relevant_symptoms"], ["fatigue"], ["fever", "chills"]]),
            "condition_duration": pick(["ONE_DAY", "LESS_THAN_ONE_WEEK", "ONE_TO_FOUR_WEEKS", "MORE_THAN_ONE_YEAR"]),
            "age": str(rng.randint(18, 85)),
            "sex_at_birth": pick(["FEMALE", "MALE", "PREFER_NOT_TO_SAY"]),
            "fitzpatrick_skin_type": pick(["FST1", "FST2", "FST3", "FST4", "FST5", "FST6"]),
            "race_ethnicity": rng.sample(["white", "asian", "black_or_african_american"], rng.randint(1, 2)),
        }
        skipped = rng.sample(sorted(answers), rng.randint(0, 4))
        yield {name: said for name, said in answers.items() if name not in skipped}
