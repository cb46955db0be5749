"""Every code of the study has words of ours, and a question asks for each column."""

import re

import pytest

from contrib_portal import forms, journey, queries, wording
from contrib_portal.models.self_report import QUESTIONS
from core.answers import ONE_OF, SOME_OF
from core.vocabulary import ShotType
from imaging.results import Advice, Reason
from releases import schema


@pytest.mark.parametrize(("column", "words"), sorted((ONE_OF | SOME_OF).items()))
def test_every_code_of_a_column_is_offered_in_the_order_of_the_vocabulary(column: str, words: type) -> None:
    assert list(wording.ANSWERS[column]) == list(words)


def test_every_refusal_advice_and_shot_has_its_words() -> None:
    assert set(wording.REFUSALS) == {reason.value for reason in Reason}
    assert set(wording.ADVICE) == {advice.value for advice in Advice}
    assert set(wording.SHOTS) == {shot.value for shot in ShotType} == {shot.shot_type for shot in journey.SHOTS}


def test_the_journey_asks_for_every_column_in_the_order_of_the_self_report() -> None:
    assert tuple(asked.column for asked in journey.QUESTIONS) == QUESTIONS


def test_colour_is_never_the_only_word_for_a_skin_problem() -> None:
    words = [str(text) for column in wording.ANSWERS.values() for text in column.values()]
    words += [str(text) for asked in wording.ASKED.values() for text in asked]
    assert not [text for text in words if re.search(r"\bred(ness)?\b|\bpink\b|\bpale\b", text, re.IGNORECASE)]


def test_a_release_can_say_what_was_asked() -> None:
    rows = list(schema.app_questions(_as_texts()))
    assert [row[0] for row in rows] == list(schema.APP_QUESTIONS.values())
    assert "How old are you?" in rows[0][1]
    assert "Rough, dry or flaky" in next(content for family, content, _ in rows if family == "textures*")


def _as_texts() -> dict[str, schema.QuestionText]:
    return {
        name: schema.QuestionText(asked.text, asked.help_text, asked.options)
        for name, asked in queries.questions().items()
    }


@pytest.mark.parametrize("age", ["18", " 34 ", "150"])
def test_an_adults_age_is_taken(age: str) -> None:
    form = forms.AgeForm({"age": age})
    assert form.is_valid()
    assert form.cleaned_data["age"] == int(age)


@pytest.mark.parametrize("age", ["abc", "34.5", "-", "9" * 5000])
def test_what_is_no_number_of_years_gets_a_clear_error(age: str) -> None:
    form = forms.AgeForm({"age": age})
    assert form.errors["age"] == ["Enter your age in whole years, in digits: 34 for example."]
    assert not form.is_for_a_minor


def test_seventeen_is_told_that_the_study_is_for_adults() -> None:
    form = forms.AgeForm({"age": "17"})
    assert "18 or older" in form.errors["age"][0]
    assert form.is_for_a_minor


def test_none_of_these_stands_alone() -> None:
    assert forms.OtherSymptomsForm({"other_symptoms": ["no_relevant_symptoms"]}).is_valid()
    both = forms.OtherSymptomsForm({"other_symptoms": ["fever", "no_relevant_symptoms"]})
    assert "None of these" in both.errors["other_symptoms"][0]


@pytest.mark.parametrize(
    ("symptoms", "is_needed"),
    [(["fever"], True), (["fatigue", "mouth_sores"], True), (["shortness_of_breath"], True), (["fatigue"], False)],
)
def test_fever_mouth_sores_or_breathlessness_call_for_a_doctor(symptoms: list[str], is_needed: bool) -> None:
    assert journey.needs_a_doctor("other_symptoms", symptoms) is is_needed
