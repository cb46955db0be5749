"""What the forms accept, what they refuse, and with which words."""

from typing import Any

import pytest

from core.vocabulary import Confidence, FitzpatrickSkinType, Gradability, MonkSkinTone
from labeling.finder import Finder
from labeling.forms import LabelForm, SkinToneForm
from labeling.models import Condition

CONDITIONS = [
    Condition(pk=1, name="Eczema", synonyms=["Atopic dermatitis", "AD"]),
    Condition(pk=2, name="Acne", synonyms=["Zits"]),
    Condition(pk=3, name="SCC/SCCIS", synonyms=["Squamous cell carcinoma", "Zits"]),
    Condition(pk=4, name="AD", synonyms=[]),
]
SUFFICIENT, INSUFFICIENT, NO_PATHOLOGY = (code.value for code in Gradability)


def label_form(**changes: Any) -> LabelForm:
    data = {
        "token": "00000000-0000-4000-8000-000000000000",
        "gradable": SUFFICIENT,
        "condition_of_interest_is_clear": "yes",
        "condition_1": "Eczema",
        "confidence_1": "4",
        "gradable_for_fitzpatrick_skin_type": "yes",
        "estimated_fitzpatrick_skin_type": "FST2",
        **changes,
    }
    return LabelForm({name: value for name, value in data.items() if value is not None}, finder=Finder(CONDITIONS))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("eczema", "Eczema"),
        ("  ATOPIC   dermatitis ", "Eczema"),
        ("scc/sccis", "SCC/SCCIS"),
        ("zits", "Acne"),
        ("ad", "AD"),
    ],
)
def test_a_condition_is_found_by_name_synonym_or_abbreviation_and_a_name_comes_first(typed: str, meant: str) -> None:
    found = Finder(CONDITIONS).find(typed)
    assert found is not None
    assert found.name == meant


@pytest.mark.parametrize(
    ("typed", "nearest"), [("exzema", ["Eczema"]), ("squamous", ["SCC/SCCIS"]), ("qqqq", []), ("", [])]
)
def test_what_was_perhaps_meant(typed: str, nearest: list[str]) -> None:
    assert Finder(CONDITIONS).nearest(typed) == nearest


def test_rows_in_between_may_stay_empty_and_the_order_is_kept() -> None:
    form = label_form(
        condition_1="", confidence_1="3", condition_3="Acne", confidence_3="1", condition_5="AD", confidence_5="5"
    )
    assert form.is_valid(), form.errors
    assert [(entry.condition.name, entry.confidence) for entry in form.answers().entries] == [
        ("Acne", Confidence.BELOW_25_PERCENT),
        ("AD", Confidence.ABOVE_90_PERCENT),
    ]


def test_as_many_rows_are_asked_as_the_study_wants(settings: Any) -> None:
    settings.STUDY = {**settings.STUDY, "conditions_per_label": 3}
    assert [number for number, _, _ in label_form().rows] == [1, 2, 3]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"gradable": None}, "gradable", "good enough"),
        ({"gradable": "PERHAPS"}, "gradable", "Choose one"),
        ({"gradable": INSUFFICIENT}, "gradable", "Take them out"),
        ({"gradable": NO_PATHOLOGY}, "gradable", "Take them out"),
        ({"condition_of_interest_is_clear": None}, "condition_of_interest_is_clear", "which condition is meant"),
        ({"condition_of_interest_is_clear": "no"}, "condition_of_interest_is_clear", "Take them out"),
        ({"condition_1": ""}, "condition_1", "at least one"),
        ({"condition_1": "Eczemas"}, "condition_1", "Perhaps: Eczema"),
        ({"condition_1": "x" * 121}, "condition_1", "at most 120"),
        ({"condition_2": "atopic dermatitis", "confidence_2": "1"}, "condition_2", "Eczema is named twice"),
        ({"confidence_1": None}, "confidence_1", "How sure are you of Eczema"),
        ({"confidence_1": "6"}, "confidence_1", "Choose one"),
        ({"gradable_for_fitzpatrick_skin_type": None}, "gradable_for_fitzpatrick_skin_type", "can be estimated"),
        ({"estimated_fitzpatrick_skin_type": None}, "estimated_fitzpatrick_skin_type", "Choose the skin type"),
        ({"estimated_fitzpatrick_skin_type": "FST7"}, "estimated_fitzpatrick_skin_type", "Choose one"),
    ],
)
def test_what_is_missing_or_contradicts_is_said_at_its_field(changes: dict[str, Any], field: str, words: str) -> None:
    form = label_form(**changes)
    assert not form.is_valid()
    assert any(words in error for error in form.errors[field]), form.errors


@pytest.mark.parametrize("gradable", [INSUFFICIENT, NO_PATHOLOGY])
def test_the_second_question_is_not_looked_at_where_it_is_not_asked(gradable: str) -> None:
    form = label_form(gradable=gradable, condition_1="")
    assert form.is_valid(), form.errors
    answers = form.answers()
    assert (answers.condition_of_interest_is_clear, answers.entries) == (None, ())


def test_several_conditions_of_which_none_is_meant_name_none() -> None:
    form = label_form(condition_of_interest_is_clear="no", condition_1="")
    assert form.is_valid(), form.errors
    assert form.answers().condition_of_interest_is_clear is False


def test_a_skin_type_is_not_looked_at_where_it_cannot_be_estimated() -> None:
    form = label_form(gradable_for_fitzpatrick_skin_type="no")
    assert form.is_valid(), form.errors
    assert form.answers().estimated_fitzpatrick_skin_type is None
    estimated = label_form()
    assert estimated.is_valid()
    assert estimated.answers().estimated_fitzpatrick_skin_type == FitzpatrickSkinType.FST2


@pytest.mark.parametrize(("monk", "is_valid"), [("1", True), ("10", True), ("0", False), ("11", False), ("", False)])
def test_a_swatch_is_1_to_10(monk: str, is_valid: bool) -> None:
    form = SkinToneForm({"token": "00000000-0000-4000-8000-000000000000", "gradable": "yes", "monk": monk})
    assert form.is_valid() == is_valid
    if is_valid:
        assert form.tone == MonkSkinTone(int(monk))
