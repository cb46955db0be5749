"""The condition vocabulary: what its file promises, and that it covers the names of two published data sets."""

import ast
import csv
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from django.utils.text import slugify

from labeling.models import Condition
from labeling.terminology import Risk, Term, load

TERMS = load()
NAMES = {term.name for term in TERMS}
# A letter, a digit, a digit or letter; then up to four characters. https://www.cms.gov/medicare/coding-billing/icd-10-codes
ICD_10_CM = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
ARTEFACT_OF_SCINS_TOOL = "Remove from labeling tool"
ANSWER_ABOUT_GRADABILITY = "Healthy"


def repeated(words: Iterable[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1]


def test_there_are_more_names_than_scins_370() -> None:
    assert len(TERMS) >= 400


def test_a_name_or_synonym_leads_to_exactly_one_term() -> None:
    assert repeated(word.casefold() for term in TERMS for word in (term.name, *term.synonyms)) == []


def test_slugs_are_the_slugs_of_the_names_and_unique() -> None:
    assert [term.slug for term in TERMS] == [slugify(term.name) for term in TERMS]
    assert repeated(term.slug for term in TERMS) == []


def test_terms_stand_sorted_by_name_so_that_a_new_one_has_one_place() -> None:
    assert list(TERMS) == sorted(TERMS, key=lambda term: (term.name.casefold(), term.name))


def test_no_word_is_empty_or_padded_and_all_fit_the_columns() -> None:
    longest = Condition._meta.get_field("name").max_length
    for term in TERMS:
        for word in (term.name, *term.synonyms):
            assert word == " ".join(word.split()) != "", term
            assert len(word) <= longest, term
        assert len(term.category) <= Condition._meta.get_field("category").max_length


def test_codes_have_the_form_of_icd_10_cm() -> None:
    assert [term for term in TERMS if term.icd10cm and not ICD_10_CM.fullmatch(term.icd10cm)] == []
    assert sum(term.icd10cm != "" for term in TERMS) > 200


def test_the_codes_of_some_common_conditions_are_those_of_the_classification() -> None:
    codes = {term.name: term.icd10cm for term in TERMS}
    expected = {
        "Acne": "L70.9",
        "Basal Cell Carcinoma": "C44.91",
        "Eczema": "L30.9",
        "Herpes Zoster": "B02.9",
        "Psoriasis": "L40.9",
        "Scabies": "B86",
        "Vitiligo": "L80",
    }
    assert {name: codes[name] for name in expected} == expected


def test_cancers_are_of_high_risk_but_for_the_two_that_hardly_ever_spread() -> None:
    indolent = {"Lymphomatoid papulosis", "Pinkus tumor"}
    assert {term.name for term in TERMS if term.category == "malignant" and term.risk != Risk.HIGH} == indolent


def test_what_a_dermatologist_types_finds_the_condition() -> None:
    def found(typed: str) -> Term:
        return next(term for term in TERMS if typed.casefold() in map(str.casefold, (term.name, *term.synonyms)))

    typed = {
        "shingles": "Herpes Zoster",
        "bcc": "Basal Cell Carcinoma",
        "atopic dermatitis": "Eczema",
        "wart": "Verruca vulgaris",
    }
    assert {word: found(word).name for word in typed} == typed


def test_the_database_knows_the_same_risks() -> None:
    assert set(Condition.Risk.values) == set(Risk)


def test_scins_artefact_is_not_a_condition() -> None:
    words = {word.casefold() for term in TERMS for word in (term.name, *term.synonyms)}
    assert ARTEFACT_OF_SCINS_TOOL.casefold() not in words


def test_every_name_that_scin_released_is_a_name_here_in_scins_spelling(scin_dir: Path) -> None:
    with (scin_dir / "scin_labels.csv").open(encoding="utf-8", newline="") as lines:
        cells = [row["dermatologist_skin_condition_on_label_name"] for row in csv.DictReader(lines)]
    released = {name for cell in cells for name in ast.literal_eval(cell)}
    assert len(released) == 160
    assert released - NAMES == {ARTEFACT_OF_SCINS_TOOL}


def test_every_condition_of_dermatology_ddx_is_found_by_name_or_synonym(ddx_dir: Path) -> None:
    words = {word.casefold() for term in TERMS for word in (term.name, *term.synonyms)}
    conditions = (ddx_dir / "dermatology_conditions.txt").read_text("utf-8").splitlines()
    assert len(conditions) == 419
    assert {name for name in conditions if name.casefold() not in words} == {ANSWER_ABOUT_GRADABILITY}
