"""The tables of a release as data: which columns stand in which order, and what each cell may hold.

Columns, their order and their codes are those of SCIN release 1.0.0 (arXiv 2402.18545), so that code written for SCIN
reads our releases unchanged. `rows` holds the values, `writers` turns them into bytes by these columns.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, Generic, TypeVar

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
from releases.rows import IMAGES_PER_CASE, LABELERS_PER_CASE, TICKED, CaseRow, LabelRow

CASES_FILE: Final = "scin_cases.csv"
LABELS_FILE: Final = "scin_labels.csv"
APP_QUESTIONS_FILE: Final = "scin_app_questions.csv"
LABEL_QUESTIONS_FILE: Final = "scin_label_questions.csv"
WITHDRAWN_FILE: Final = "withdrawn_cases.csv"
REPORT_FILE: Final = "k_anonymity_report.json"
CHECKSUMS_FILE: Final = "SHA256SUMS.txt"
LICENSE_FILE: Final = "LICENSE.txt"
README_FILE: Final = "README.md"
FILES: Final = (
    CASES_FILE,
    LABELS_FILE,
    APP_QUESTIONS_FILE,
    LABEL_QUESTIONS_FILE,
    WITHDRAWN_FILE,
    REPORT_FILE,
    CHECKSUMS_FILE,
    LICENSE_FILE,
    README_FILE,
)
"""Names of the files of a release, in its root; images lie at `rows.ReleasedImage.path`."""

Row = TypeVar("Row")


class Cell(StrEnum):
    """How a value is written; None is always an empty cell."""

    ID = "signed 64-bit integer, decimal"
    TEXT = "text"
    NUMBER = "integer, decimal"
    CODE = "one code of the enumeration"
    FLAG = "YES or empty"
    YES_NO = "YES, NO or empty"
    TRUE_FALSE = "True, False or empty"
    LITERAL = "Python literal"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: `read` takes its value out of a row; `quasi_identifier` is what an acquaintance could know."""

    name: str
    cell: Cell
    read: Callable[[Row], object]
    vocabulary: type[Enum] | None = None
    quasi_identifier: bool = False


def _flags(field: str, quasi_identifier: bool = False) -> list[Column[CaseRow]]:
    def column(code: StrEnum) -> Column[CaseRow]:
        return Column(
            f"{field}_{code}", Cell.FLAG, lambda row: code in getattr(row, field), TICKED[field], quasi_identifier
        )

    return [column(code) for code in TICKED[field]]


def _image(index: int, attribute: str) -> Callable[[CaseRow], object]:
    return lambda row: getattr(row.images_by_name[index], attribute) if index < len(row.images) else None


def _reading(slot: int, attribute: str) -> Callable[[LabelRow], object]:
    def read(row: LabelRow) -> object:
        reading = row.readings[slot - 1] if slot <= len(row.readings) else None
        return None if reading is None else getattr(reading, attribute)

    return read


def _skin_tone(pool: SkinTonePool, attribute: str) -> Callable[[LabelRow], object]:
    return lambda row: getattr(row.skin_tones[pool], attribute) if pool in row.skin_tones else None


SLOTS: Final = range(1, LABELERS_PER_CASE + 1)

CASES: Final[tuple[Column[CaseRow], ...]] = (
    Column("case_id", Cell.ID, lambda row: row.case_id),
    Column("source", Cell.TEXT, lambda row: row.edition.source),
    Column("release", Cell.TEXT, lambda row: row.edition.release),
    Column("year", Cell.NUMBER, lambda row: row.edition.year),
    Column("age_group", Cell.CODE, lambda row: row.age_group, AgeGroup, quasi_identifier=True),
    Column("sex_at_birth", Cell.CODE, lambda row: row.sex_at_birth, ReleasedSex, quasi_identifier=True),
    Column("fitzpatrick_skin_type", Cell.CODE, lambda row: row.fitzpatrick_skin_type, FitzpatrickSkinType),
    *_flags("race_ethnicity", quasi_identifier=True),
    *_flags("textures"),
    *_flags("body_parts"),
    *_flags("condition_symptoms"),
    *_flags("other_symptoms"),
    Column("related_category", Cell.CODE, lambda row: row.related_category, RelatedCategory),
    Column("condition_duration", Cell.CODE, lambda row: row.condition_duration, ConditionDuration),
    *(Column(f"image_{n + 1}_path", Cell.TEXT, _image(n, "path")) for n in range(IMAGES_PER_CASE)),
    *(Column(f"image_{n + 1}_shot_type", Cell.CODE, _image(n, "shot_type"), ShotType) for n in range(IMAGES_PER_CASE)),
    Column("combined_race", Cell.TEXT, lambda row: row.combined_race, quasi_identifier=True),
    Column(
        "race_ethnicity_two_or_more_after_mitigation",
        Cell.FLAG,
        lambda row: row.race_ethnicity_two_or_more_after_mitigation,
        quasi_identifier=True,
    ),
)
"""The 57 columns of scin_cases.csv."""

LABELS: Final[tuple[Column[LabelRow], ...]] = (
    Column("case_id", Cell.ID, lambda row: row.case_id),
    *(
        Column(
            f"dermatologist_gradable_for_skin_condition_{n}",
            Cell.CODE,
            _reading(n, "gradable_for_skin_condition"),
            Gradability,
        )
        for n in SLOTS
    ),
    Column(
        "dermatologist_skin_condition_on_label_name",
        Cell.LITERAL,
        lambda row: [str(name) for name, _ in row.conditions],
    ),
    Column(
        "dermatologist_skin_condition_confidence",
        Cell.LITERAL,
        # int: an enumeration's repr is no literal
        lambda row: [int(confidence) for _, confidence in row.conditions],
    ),
    Column(
        "weighted_skin_condition_label",
        Cell.LITERAL,
        lambda row: {str(name): float(weight) for name, weight in row.weighted_skin_condition_label.items()},
    ),
    *(
        Column(
            f"dermatologist_gradable_for_fitzpatrick_skin_type_{n}",
            Cell.YES_NO,
            _reading(n, "gradable_for_fitzpatrick_skin_type"),
        )
        for n in SLOTS
    ),
    *(
        Column(
            f"dermatologist_fitzpatrick_skin_type_label_{n}",
            Cell.CODE,
            _reading(n, "fitzpatrick_skin_type"),
            FitzpatrickSkinType,
        )
        for n in SLOTS
    ),
    *(Column(f"gradable_for_monk_skin_tone_{p}", Cell.TRUE_FALSE, _skin_tone(p, "gradable")) for p in SkinTonePool),
    *(
        Column(f"monk_skin_tone_label_{p}", Cell.CODE, _skin_tone(p, "monk_skin_tone"), MonkSkinTone)
        for p in SkinTonePool
    ),
)
"""The 17 columns of scin_labels.csv."""


@dataclass(frozen=True)
class QuestionText:
    """A question as a form asks it, in the language of the release: the forms are where its words live."""

    text: str
    help_text: str = ""
    options: tuple[str, ...] = ()
    comment: str = ""

    @property
    def content(self) -> str:
        """All that is read with the question, a line each."""
        return "\n".join(filter(None, [self.text, self.help_text, *(["Options:", *self.options] * bool(self.options))]))


APP_QUESTIONS_HEADER: Final = ("Column Name", "Question Content", "Comments")

APP_QUESTIONS: Final[dict[str, str]] = {
    "age_group": "age_bucket",
    "sex_at_birth": "sex_at_birth",
    "fitzpatrick_skin_type": "skin_type",
    **{question: f"{question}*" for question in TICKED},
    "related_category": "related_category",
    "condition_duration": "condition_duration",
    "images": "image_\\d_shot_type",
}
"""The contributor's questions in order: field of `CaseRow` → SCIN's name of its family of columns."""

LABEL_QUESTIONS_HEADER: Final = ("Related column family", "Labeling Question Type", "Question", "Comments")

LABEL_QUESTIONS: Final[dict[str, tuple[str, str]]] = {
    "gradable_for_skin_condition": ("dermatologist_gradable_for_skin_condition", "RADIO"),
    "condition_of_interest": ("", "RADIO"),
    "skin_condition": ("dermatologist_skin_condition_label", "AUTOCOMPLETE"),
    "skin_condition_confidence": ("dermatologist_skin_condition_confidence", "RADIO"),
    "gradable_for_fitzpatrick_skin_type": ("dermatologist_gradable_for_fitzpatrick_skin_type", "BOOLEAN"),
    "fitzpatrick_skin_type": ("dermatologist_fitzpatrick_skin_type_label", "RADIO"),
    "monk_skin_tone": ("monk_skin_tone_label", "RADIO"),
    "difficult_to_assess": ("", "BOOLEAN"),
    "gradable_for_monk_skin_tone": ("gradable_for_monk_skin_tone", "BOOLEAN"),
}
"""The labelers' questions in order: name → (family of columns, kind of question). No family: asked, not in the table."""


def app_questions(texts: Mapping[str, QuestionText]) -> Iterator[tuple[str, ...]]:
    """Rows of scin_app_questions.csv. Raises ValueError unless texts holds exactly the questions of APP_QUESTIONS."""
    _require_all(texts, APP_QUESTIONS)
    for question, family in APP_QUESTIONS.items():
        yield family, texts[question].content, texts[question].comment


def label_questions(texts: Mapping[str, QuestionText]) -> Iterator[tuple[str, ...]]:
    """Rows of scin_label_questions.csv. Raises ValueError unless texts holds exactly those of LABEL_QUESTIONS."""
    _require_all(texts, LABEL_QUESTIONS)
    for question, (family, kind) in LABEL_QUESTIONS.items():
        yield family, kind, texts[question].content, texts[question].comment


def _require_all(texts: Mapping[str, QuestionText], questions: Mapping[str, object]) -> None:
    if different := texts.keys() ^ questions.keys():
        raise ValueError(f"question texts and questions differ in {sorted(different)}")
