"""SCIN's own tables, read into our rows and written again, come out byte for byte."""

import ast
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.vocabulary import (
    AgeGroup,
    ConditionDuration,
    FitzpatrickSkinType,
    Gradability,
    MonkSkinTone,
    RelatedCategory,
    ReleasedSex,
    ShotType,
    SkinTonePool,
)
from releases import writers
from releases.mitigation import mitigate
from releases.rows import TICKED, CaseRow, DermatologistReading, Edition, LabelRow, ReleasedImage, SkinToneReading
from releases.schema import (
    APP_QUESTIONS,
    APP_QUESTIONS_FILE,
    APP_QUESTIONS_HEADER,
    CASES,
    CASES_FILE,
    LABEL_QUESTIONS,
    LABEL_QUESTIONS_FILE,
    LABEL_QUESTIONS_HEADER,
    LABELS,
    LABELS_FILE,
)

YES_NO = {"YES": True, "NO": False, "": None}
TRUE_FALSE = {"True": True, "False": False}


def header(path: Path) -> list[str]:
    return path.read_text("utf-8").split("\n")[0].split(",")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def parsed_cases(scin_dir: Path) -> Iterator[CaseRow]:
    for cells in table(scin_dir / CASES_FILE):
        ticked = {
            question: frozenset(code for code in codes if cells[f"{question}_{code}"] == "YES")
            for question, codes in TICKED.items()
        }
        images = [
            ReleasedImage(int(Path(path).stem), ShotType(cells[f"image_{n}_shot_type"]))
            for n in (1, 2, 3)
            if (path := cells[f"image_{n}_path"])
        ]
        yield CaseRow(
            case_id=int(cells["case_id"]),
            edition=Edition(source=cells["source"], release=cells["release"], year=int(cells["year"])),
            age_group=AgeGroup(cells["age_group"]),
            sex_at_birth=ReleasedSex(cells["sex_at_birth"]),
            fitzpatrick_skin_type=FitzpatrickSkinType(code) if (code := cells["fitzpatrick_skin_type"]) else None,
            related_category=RelatedCategory(code) if (code := cells["related_category"]) else None,
            condition_duration=ConditionDuration(code) if (code := cells["condition_duration"]) else None,
            images=tuple(sorted(images, key=lambda image: image.image_id)),  # not the order in which they are written
            race_ethnicity_two_or_more_after_mitigation=cells["race_ethnicity_two_or_more_after_mitigation"] == "YES",
            **ticked,  # type: ignore[arg-type]
        )


def parsed_labels(scin_dir: Path) -> Iterator[LabelRow]:
    for cells in table(scin_dir / LABELS_FILE):
        names = ast.literal_eval(cells["dermatologist_skin_condition_on_label_name"])
        confidences = ast.literal_eval(cells["dermatologist_skin_condition_confidence"])
        # SCIN does not tell which labeler said what, so that the first one says it all here.
        conditions = {1: tuple(zip(names, confidences, strict=True))}
        yield LabelRow(
            case_id=int(cells["case_id"]),
            readings=tuple(
                DermatologistReading(
                    gradable_for_skin_condition=Gradability(gradable),
                    conditions=conditions.get(n, ()),
                    gradable_for_fitzpatrick_skin_type=YES_NO[
                        cells[f"dermatologist_gradable_for_fitzpatrick_skin_type_{n}"]
                    ],
                    fitzpatrick_skin_type=FitzpatrickSkinType(code)
                    if (code := cells[f"dermatologist_fitzpatrick_skin_type_label_{n}"])
                    else None,
                )
                if (gradable := cells[f"dermatologist_gradable_for_skin_condition_{n}"])
                else None
                for n in (1, 2, 3)
            ),
            weighted_skin_condition_label=ast.literal_eval(cells["weighted_skin_condition_label"]),
            skin_tones={
                pool: SkinToneReading(
                    gradable=TRUE_FALSE[gradable],
                    monk_skin_tone=MonkSkinTone(int(code)) if (code := cells[f"monk_skin_tone_label_{pool}"]) else None,
                )
                for pool in SkinTonePool
                if (gradable := cells[f"gradable_for_monk_skin_tone_{pool}"])
            },
        )


def test_the_columns_are_scins_in_scins_order(scin_dir: Path) -> None:
    assert [column.name for column in CASES] == header(scin_dir / CASES_FILE)
    assert [column.name for column in LABELS] == header(scin_dir / LABELS_FILE)
    assert list(APP_QUESTIONS_HEADER) == header(scin_dir / APP_QUESTIONS_FILE)
    assert list(LABEL_QUESTIONS_HEADER) == header(scin_dir / LABEL_QUESTIONS_FILE)


def test_the_question_tables_describe_the_same_columns_in_the_same_order(scin_dir: Path) -> None:
    assert list(APP_QUESTIONS.values()) == [row["Column Name"] for row in table(scin_dir / APP_QUESTIONS_FILE)]
    families = [row["Related column family"] for row in table(scin_dir / LABEL_QUESTIONS_FILE)]
    # SCIN asks for a condition in three fields (list, menu, free text); here it is one.
    once = [name for n, name in enumerate(families) if not name or name not in families[:n]]
    assert [family for family, _ in LABEL_QUESTIONS.values()] == once


def test_scins_cases_are_written_byte_for_byte(scin_dir: Path) -> None:
    again = io.BytesIO()
    writers.write_cases(parsed_cases(scin_dir), to=again)
    assert again.getvalue() == (scin_dir / CASES_FILE).read_bytes()


def test_scins_labels_are_written_byte_for_byte(scin_dir: Path) -> None:
    again = io.BytesIO()
    writers.write_labels(parsed_labels(scin_dir), to=again)
    assert again.getvalue() == (scin_dir / LABELS_FILE).read_bytes()


def test_scins_cases_are_as_our_mitigation_would_leave_them(scin_dir: Path) -> None:
    """A part of a release cannot show that its classes are large, but it shows the order in which cells were hidden."""
    rows = list(parsed_cases(scin_dir))
    hidden = [row for row in rows if row.race_ethnicity_two_or_more_after_mitigation]
    assert hidden
    for row in hidden:
        assert (row.age_group, row.sex_at_birth) == (AgeGroup.AGE_UNKNOWN, ReleasedSex.OTHER_OR_UNSPECIFIED)
    # No group given is a class of its own: nobody in it keeps an age.
    assert {row.age_group for row in rows if not row.combined_race} == {AgeGroup.AGE_UNKNOWN}
    # The sex goes after the age: whoever shows an age shows a sex.
    shown = {row.sex_at_birth for row in rows if row.age_group is not AgeGroup.AGE_UNKNOWN}
    assert shown == {ReleasedSex.FEMALE, ReleasedSex.MALE}


@pytest.mark.parametrize("k", [2, 10])
def test_mitigated_scin_cases_have_no_small_class_that_shows_an_age_or_a_sex(scin_dir: Path, k: int) -> None:
    mitigated = mitigate(parsed_cases(scin_dir), k=k)
    assert mitigated.report["hidden"]["age_group"] > 0
    for found in mitigated.report["after"]["classes"]:
        nothing_left = (found["age_group"], found["sex_at_birth"]) == ("AGE_UNKNOWN", "OTHER_OR_UNSPECIFIED")
        assert found["cases"] >= k or nothing_left
        assert found["cases"] >= k or "," not in found["combined_race"]
