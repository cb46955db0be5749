"""What a released row and its tables promise, whoever builds them."""

import pytest

from core.vocabulary import MAX_AGE, MIN_AGE, AgeGroup, RaceEthnicity, ReleasedSex, SexAtBirth, ShotType, Texture
from releases.rows import TICKED, ReleasedImage, SkinToneReading
from releases.schema import (
    APP_QUESTIONS,
    CASES,
    LABEL_QUESTIONS,
    LABELS,
    Cell,
    QuestionText,
    app_questions,
    label_questions,
)
from tests.unit.releases.examples import case_row, label_row, reading

BY_NAME = {column.name: column for column in CASES}


def test_the_tables_have_57_and_17_columns_and_no_name_twice() -> None:
    assert [len(CASES), len(LABELS)] == [57, 17]
    for columns in (CASES, LABELS):
        assert len({column.name for column in columns}) == len(columns)


def test_each_code_that_can_be_ticked_has_a_flag_column_of_its_own_and_no_other_column_is_a_flag() -> None:
    flags = {column.name for column in CASES if column.cell is Cell.FLAG}
    ticked = {f"{question}_{code.value}" for question, codes in TICKED.items() for code in codes}
    assert flags == ticked | {"race_ethnicity_two_or_more_after_mitigation"}
    for question, codes in TICKED.items():
        for code in codes:
            row = case_row(**{question: frozenset({code})})
            assert [name for name in flags if name.startswith(question) and BY_NAME[name].read(row)] == [
                f"{question}_{code.value}"
            ]


def test_every_column_of_codes_names_its_enumeration() -> None:
    for column in (*CASES, *LABELS):
        assert column.vocabulary is not None or column.cell is not Cell.CODE


def test_age_sex_and_race_are_the_quasi_identifiers() -> None:
    marked = {column.name for column in CASES if column.quasi_identifier}
    races = {column.name for column in CASES if column.name.startswith("race_ethnicity_")}
    assert marked == {"age_group", "sex_at_birth", "combined_race"} | races


@pytest.mark.parametrize(
    ("age", "group"),
    [
        (None, "AGE_UNKNOWN"),
        (18, "AGE_18_TO_29"),
        (29, "AGE_18_TO_29"),
        (30, "AGE_30_TO_39"),
        (49, "AGE_40_TO_49"),
        (50, "AGE_50_TO_59"),
        (69, "AGE_60_TO_69"),
        (79, "AGE_70_TO_79"),
        (80, "AGE_80_OR_ABOVE"),
        (150, "AGE_80_OR_ABOVE"),
    ],
)
def test_an_age_is_released_as_its_group(age: int | None, group: str) -> None:
    assert AgeGroup.of(age) == group


def test_every_age_lies_in_the_group_that_its_name_spells() -> None:
    for age in range(MIN_AGE, MAX_AGE + 1):
        decade = max(age // 10 * 10, MIN_AGE) if age >= 30 else MIN_AGE
        assert AgeGroup.of(age).startswith(f"AGE_{min(decade, 80)}_")


@pytest.mark.parametrize("age", [-1, 0, 17, 151])
def test_an_age_that_the_form_refuses_has_no_group(age: int) -> None:
    with pytest.raises(ValueError, match="18 to 150"):
        AgeGroup.of(age)


def test_rare_answers_refusals_and_missing_answers_about_sex_are_released_alike() -> None:
    released = {answer: ReleasedSex.of(answer) for answer in (*SexAtBirth, None)}
    assert released.pop(SexAtBirth.FEMALE) is ReleasedSex.FEMALE
    assert released.pop(SexAtBirth.MALE) is ReleasedSex.MALE
    assert set(released.values()) == {ReleasedSex.OTHER_OR_UNSPECIFIED}
    assert len(released) == 3


def test_combined_race_follows_the_order_of_the_columns_and_not_of_the_ticks() -> None:
    ticked = frozenset({RaceEthnicity.PREFER_NOT_TO_ANSWER, RaceEthnicity.WHITE, RaceEthnicity.ASIAN})
    assert case_row(race_ethnicity=ticked).combined_race == "ASIAN,WHITE,PREFER_NOT_TO_ANSWER"
    assert case_row(race_ethnicity=frozenset()).combined_race == ""


def test_images_are_ordered_by_file_name_as_text() -> None:
    images = tuple(ReleasedImage(number, ShotType.CLOSE_UP) for number in (9, 10, -2))
    assert [image.image_id for image in case_row(images=images).images_by_name] == [-2, 10, 9]


@pytest.mark.parametrize(
    "changes",
    [
        {"case_id": 2**63},
        {"images": ()},
        {"images": (ReleasedImage(-(2**63) - 1, ShotType.CLOSE_UP),)},
        {"images": tuple(ReleasedImage(number, ShotType.CLOSE_UP) for number in range(4))},
        {"images": (ReleasedImage(1, ShotType.CLOSE_UP), ReleasedImage(1, ShotType.AT_AN_ANGLE))},
        {"race_ethnicity_two_or_more_after_mitigation": True},
        {"textures": frozenset({"FLAT"})},
        {"textures": frozenset({Texture.FLAT, "itching"})},
    ],
)
def test_a_case_that_the_table_cannot_hold_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="case"):
        case_row(**changes)


def test_readings_and_weights_that_do_not_fit_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="different conditions"):
        label_row(weighted_skin_condition_label={"Eczema": 1.0})
    with pytest.raises(ValueError, match="3 readings"):
        label_row(readings=(None,) * 4, weighted_skin_condition_label={})
    with pytest.raises(ValueError, match="1 to 5"):
        reading(("Eczema", 6))
    with pytest.raises(ValueError, match="gradable"):
        reading(gradable_for_fitzpatrick_skin_type=False)
    with pytest.raises(ValueError, match="Monk"):
        SkinToneReading(gradable=True, monk_skin_tone=None)


def test_question_tables_hold_the_forms_words_in_the_order_of_the_columns() -> None:
    texts = {question: QuestionText(text=f"{question}?", comment="c") for question in APP_QUESTIONS}
    texts["textures"] = QuestionText(text="How does it feel?", help_text="Tick all.", options=("Flat", "Bumpy"))
    rows = list(app_questions(texts))
    assert [row[0] for row in rows] == list(APP_QUESTIONS.values())
    assert rows[0] == ("age_bucket", "age_group?", "c")
    assert ("textures*", "How does it feel?\nTick all.\nOptions:\nFlat\nBumpy", "") in rows
    label_texts = {question: QuestionText(text=f"{question}?") for question in LABEL_QUESTIONS}
    assert ("", "RADIO", "condition_of_interest?", "") in list(label_questions(label_texts))


def test_a_question_without_words_or_words_without_a_question_stop_the_table() -> None:
    texts = {question: QuestionText(text="?") for question in APP_QUESTIONS}
    with pytest.raises(ValueError, match="age_group"):
        list(app_questions({name: text for name, text in texts.items() if name != "age_group"}))
    with pytest.raises(ValueError, match="shoe_size"):
        list(app_questions({**texts, "shoe_size": QuestionText(text="?")}))
