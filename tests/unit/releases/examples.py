"""A case and its labels in which every cell can be told apart; tests change what they are about."""

from typing import Any

from core.vocabulary import (
    AgeGroup,
    BodyPart,
    ConditionDuration,
    ConditionSymptom,
    Confidence,
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
from releases.rows import CaseRow, DermatologistReading, Edition, LabelRow, ReleasedImage, SkinToneReading

EDITION = Edition(source="TEST", release="1.0.0", year=2026)


def case_row(case_id: int = 1, **changes: Any) -> CaseRow:
    fields: dict[str, Any] = {
        "case_id": case_id,
        "edition": EDITION,
        "age_group": AgeGroup.AGE_18_TO_29,
        "sex_at_birth": ReleasedSex.FEMALE,
        "fitzpatrick_skin_type": FitzpatrickSkinType.FST4,
        "race_ethnicity": frozenset({RaceEthnicity.WHITE, RaceEthnicity.ASIAN}),
        "textures": frozenset({Texture.FLAT}),
        "body_parts": frozenset({BodyPart.LEG, BodyPart.PALM}),
        "condition_symptoms": frozenset({ConditionSymptom.ITCHING}),
        "other_symptoms": frozenset({OtherSymptom.NO_RELEVANT_SYMPTOMS}),
        "related_category": RelatedCategory.RASH,
        "condition_duration": ConditionDuration.ONE_DAY,
        "images": (ReleasedImage(9, ShotType.CLOSE_UP), ReleasedImage(-10, ShotType.AT_DISTANCE)),
    }
    return CaseRow(**(fields | changes))


def reading(*conditions: tuple[str, int], **changes: Any) -> DermatologistReading:
    fields: dict[str, Any] = {
        "gradable_for_skin_condition": Gradability.DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT,
        "conditions": conditions,
        "gradable_for_fitzpatrick_skin_type": True,
        "fitzpatrick_skin_type": FitzpatrickSkinType.FST2,
    }
    return DermatologistReading(**(fields | changes))


def label_row(case_id: int = 1, **changes: Any) -> LabelRow:
    fields: dict[str, Any] = {
        "case_id": case_id,
        "readings": (
            reading(("Eczema", Confidence.FROM_75_TO_90_PERCENT), ("Baker's itch", 2)),
            None,
            reading(("Eczema", 5), gradable_for_fitzpatrick_skin_type=False, fitzpatrick_skin_type=None),
        ),
        "weighted_skin_condition_label": {"Eczema": 0.8, "Baker's itch": 0.2},
        "skin_tones": {SkinTonePool.US: SkinToneReading(gradable=True, monk_skin_tone=MonkSkinTone.MST10)},
    }
    return LabelRow(**(fields | changes))
