"""What a released case is, before it becomes bytes: the typed rows of the two tables of a release.

A row refuses what its table cannot hold, so that nothing is dropped or cut without a trace when it is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.vocabulary import (
    ESTIMATED,
    AgeGroup,
    BodyPart,
    ConditionDuration,
    ConditionSymptom,
    FitzpatrickSkinType,
    Gradability,
    MonkSkinTone,
    OtherSymptom,
    RaceEthnicity,
    RelatedCategory,
    ReleasedSex,
    ShotType,
    SkinTonePool,
    Texture,
)

IMAGES_PER_CASE: Final = 3

LABELERS_PER_CASE: Final = 3
"""Slots of a case that the table has columns for (`_1` to `_3`)."""

TWO_OR_MORE_AFTER_MITIGATION: Final = "TWO_OR_MORE_AFTER_MITIGATION"
"""The code of a combination of racial or ethnic groups that is hidden because it is rare."""

TICKED: Final[dict[str, type[StrEnum]]] = {
    "race_ethnicity": RaceEthnicity,
    "textures": Texture,
    "body_parts": BodyPart,
    "condition_symptoms": ConditionSymptom,
    "other_symptoms": OtherSymptom,
}
"""Questions where several answers may be ticked, in column order; each code is a column `<question>_<code>`."""


@dataclass(frozen=True)
class Edition:
    """What all cases of one release have in common. A single `year` for all: a date of its own would identify a case."""

    source: str
    release: str
    year: int


@dataclass(frozen=True)
class ReleasedImage:
    """A clean image: its random signed 64-bit id and what it shows."""

    image_id: int
    shot_type: ShotType

    @property
    def path(self) -> str:
        """Where the image lies, relative to the root of the release."""
        return f"dataset/images/{self.image_id}.png"


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One row of scin_cases.csv: what the contributor of a case told, without an exact age, place, date or free text.

    None is an unanswered question, an empty set one where nothing was ticked. `images` are 1 to 3, in any order.
    Where `race_ethnicity_two_or_more_after_mitigation`, `race_ethnicity` is empty: the ticked groups are hidden.
    Raises ValueError for anything that the table cannot hold.
    """

    case_id: int
    edition: Edition
    age_group: AgeGroup
    sex_at_birth: ReleasedSex
    fitzpatrick_skin_type: FitzpatrickSkinType | None
    race_ethnicity: frozenset[RaceEthnicity]
    textures: frozenset[Texture]
    body_parts: frozenset[BodyPart]
    condition_symptoms: frozenset[ConditionSymptom]
    other_symptoms: frozenset[OtherSymptom]
    related_category: RelatedCategory | None
    condition_duration: ConditionDuration | None
    images: tuple[ReleasedImage, ...]
    race_ethnicity_two_or_more_after_mitigation: bool = False

    def __post_init__(self) -> None:
        ids = [self.case_id, *(image.image_id for image in self.images)]
        if any(not -(2**63) <= number < 2**63 for number in ids):
            raise ValueError("case and image ids are signed 64-bit integers")
        if not 1 <= len(set(ids[1:])) == len(self.images) <= IMAGES_PER_CASE:
            raise ValueError(f"case {self.case_id} must have 1 to {IMAGES_PER_CASE} different images")
        if self.race_ethnicity_two_or_more_after_mitigation and self.race_ethnicity:
            raise ValueError(f"case {self.case_id} hides its combination of groups and lists it")
        for field, vocabulary in TICKED.items():
            # A code spelt otherwise would match no column and vanish without a trace.
            if unknown := getattr(self, field) - set(vocabulary):
                raise ValueError(f"case {self.case_id}: {sorted(unknown)} are no codes of {field}")

    @property
    def combined_race(self) -> str:
        """The ticked groups as one upper-case cell, in column order; the quasi-identifier that mitigation counts."""
        if self.race_ethnicity_two_or_more_after_mitigation:
            return TWO_OR_MORE_AFTER_MITIGATION
        return ",".join(group.upper() for group in RaceEthnicity if group in self.race_ethnicity)

    @property
    def images_by_name(self) -> list[ReleasedImage]:
        """SCIN's order of a case's images: file names as strings, so image_1 is not always the close-up."""
        return sorted(self.images, key=lambda image: image.path)


@dataclass(frozen=True, kw_only=True)
class DermatologistReading:
    """What one dermatologist said of a case.

    `conditions`: (name, confidence 1 to 5) in the order entered, empty where none was named. A Fitzpatrick type stands
    exactly where the images were gradable for it; `gradable_for_fitzpatrick_skin_type` is None where it was not asked.
    """

    gradable_for_skin_condition: Gradability
    conditions: tuple[tuple[str, int], ...]
    gradable_for_fitzpatrick_skin_type: bool | None
    fitzpatrick_skin_type: FitzpatrickSkinType | None

    def __post_init__(self) -> None:
        if any(not 1 <= confidence <= 5 for _, confidence in self.conditions):
            raise ValueError("a confidence is 1 to 5")
        if (self.gradable_for_fitzpatrick_skin_type is True) != (self.fitzpatrick_skin_type in ESTIMATED):
            raise ValueError("a Fitzpatrick type is estimated exactly where the images are gradable for it")


@dataclass(frozen=True, kw_only=True)
class SkinToneReading:
    """What one pool of lay graders said: a Monk Skin Tone exactly where the images were gradable for it."""

    gradable: bool
    monk_skin_tone: MonkSkinTone | None

    def __post_init__(self) -> None:
        if self.gradable != (self.monk_skin_tone is not None):
            raise ValueError("a Monk Skin Tone is given exactly where the images are gradable for it")


@dataclass(frozen=True, kw_only=True)
class LabelRow:
    """One row of scin_labels.csv.

    `readings`: by slot, at most three, None for a slot without a label. `weighted_skin_condition_label`: {name: weight
    0 to 1} as `labeling.differential` returns it, its order kept. Raises ValueError where weights and readings name
    different conditions, or for a fourth reading.
    """

    case_id: int
    readings: tuple[DermatologistReading | None, ...]
    weighted_skin_condition_label: Mapping[str, float]
    skin_tones: Mapping[SkinTonePool, SkinToneReading]

    def __post_init__(self) -> None:
        if len(self.readings) > LABELERS_PER_CASE:
            raise ValueError(f"case {self.case_id}: the table holds {LABELERS_PER_CASE} readings")
        if {name for name, _ in self.conditions} != set(self.weighted_skin_condition_label):
            raise ValueError(f"case {self.case_id}: weights and readings name different conditions")

    @property
    def conditions(self) -> list[tuple[str, int]]:
        """(name, confidence) of all readings, labeler by labeler in slot order, each in the order entered."""
        return [condition for reading in self.readings if reading for condition in reading.conditions]
