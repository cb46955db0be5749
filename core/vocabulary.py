"""The words of the study: every enumeration that is asked, stored or released, with SCIN's own codes.

Codes are exactly those of the SCIN release 1.0.0. Forms, models and released tables import them from here, so that a
code is typed once. Codes of questions where one answer is chosen are upper case, as they stand in a cell; codes of
questions where several may be ticked are lower case, as they stand at the end of a column name (`textures_flat`).
Members stand in the order in which they are asked and released. The words people read live in the forms, where they
are translated.
"""

from enum import IntEnum, StrEnum
from typing import Final

MIN_AGE: Final = 18
"""Youngest contributor, years. Contributions need an adult's consent."""

MAX_AGE: Final = 150
"""Largest age that the form takes, years."""


class ShotType(StrEnum):
    """The three photographs of one skin problem. Only the close-up is required."""

    CLOSE_UP = "CLOSE_UP"
    AT_AN_ANGLE = "AT_AN_ANGLE"
    AT_DISTANCE = "AT_DISTANCE"


class SexAtBirth(StrEnum):
    """Sex at birth as the contributor is asked. Released only as `ReleasedSex`."""

    FEMALE = "FEMALE"
    MALE = "MALE"
    INTERSEX_OR_NON_BINARY = "INTERSEX_OR_NON_BINARY"
    PREFER_NOT_TO_SAY = "PREFER_NOT_TO_SAY"


class ReleasedSex(StrEnum):
    """Sex at birth as released (`sex_at_birth`). Rare answers, refusals and missing answers cannot be told apart."""

    FEMALE = "FEMALE"
    MALE = "MALE"
    OTHER_OR_UNSPECIFIED = "OTHER_OR_UNSPECIFIED"

    @classmethod
    def of(cls, answer: SexAtBirth | None) -> "ReleasedSex":
        """The released code of an answer; None is a question that was not answered."""
        match answer:
            case SexAtBirth.FEMALE:
                return cls.FEMALE
            case SexAtBirth.MALE:
                return cls.MALE
            case _:
                return cls.OTHER_OR_UNSPECIFIED


class AgeGroup(StrEnum):
    """Age as released (`age_group`). The exact age never leaves `contrib_portal`."""

    AGE_18_TO_29 = "AGE_18_TO_29"
    AGE_30_TO_39 = "AGE_30_TO_39"
    AGE_40_TO_49 = "AGE_40_TO_49"
    AGE_50_TO_59 = "AGE_50_TO_59"
    AGE_60_TO_69 = "AGE_60_TO_69"
    AGE_70_TO_79 = "AGE_70_TO_79"
    AGE_80_OR_ABOVE = "AGE_80_OR_ABOVE"
    AGE_UNKNOWN = "AGE_UNKNOWN"

    @classmethod
    def of(cls, age: int | None) -> "AgeGroup":
        """The group of an age in whole years, MIN_AGE to MAX_AGE; None (not answered) is AGE_UNKNOWN.

        Raises ValueError for an age outside that range: the form refuses it, so it can only be a fault.
        """
        if age is None:
            return cls.AGE_UNKNOWN
        if not MIN_AGE <= age <= MAX_AGE:
            raise ValueError(f"an age must be {MIN_AGE} to {MAX_AGE} years")
        upper_ages = (29, 39, 49, 59, 69, 79, MAX_AGE)
        return next(group for group, upper in zip(cls, upper_ages, strict=False) if age <= upper)


class FitzpatrickSkinType(StrEnum):
    """How skin reacts to sun, from FST1 (always burns, never tans) to FST6 (never burns, always tans).

    A contributor may answer NONE_IDENTIFIED ("none of these"); a dermatologist's estimate is one of `ESTIMATED`.
    """

    FST1 = "FST1"
    FST2 = "FST2"
    FST3 = "FST3"
    FST4 = "FST4"
    FST5 = "FST5"
    FST6 = "FST6"
    NONE_IDENTIFIED = "NONE_IDENTIFIED"


ESTIMATED: Final = tuple(FitzpatrickSkinType)[:6]
"""The skin types that a dermatologist can estimate from photographs (eFST)."""


class RaceEthnicity(StrEnum):
    """Racial or ethnic groups that the contributor identifies with; several may be ticked (`race_ethnicity_*`)."""

    AMERICAN_INDIAN_OR_ALASKA_NATIVE = "american_indian_or_alaska_native"
    ASIAN = "asian"
    BLACK_OR_AFRICAN_AMERICAN = "black_or_african_american"
    HISPANIC_LATINO_OR_SPANISH_ORIGIN = "hispanic_latino_or_spanish_origin"
    MIDDLE_EASTERN_OR_NORTH_AFRICAN = "middle_eastern_or_north_african"
    NATIVE_HAWAIIAN_OR_PACIFIC_ISLANDER = "native_hawaiian_or_pacific_islander"
    WHITE = "white"
    OTHER_RACE = "other_race"
    PREFER_NOT_TO_ANSWER = "prefer_not_to_answer"


class Texture(StrEnum):
    """How the skin feels; several may be ticked (`textures_*`)."""

    RAISED_OR_BUMPY = "raised_or_bumpy"
    FLAT = "flat"
    ROUGH_OR_FLAKY = "rough_or_flaky"
    FLUID_FILLED = "fluid_filled"


class BodyPart(StrEnum):
    """Where the problem is; several may be ticked (`body_parts_*`)."""

    HEAD_OR_NECK = "head_or_neck"
    ARM = "arm"
    PALM = "palm"
    BACK_OF_HAND = "back_of_hand"
    TORSO_FRONT = "torso_front"
    TORSO_BACK = "torso_back"
    GENITALIA_OR_GROIN = "genitalia_or_groin"
    BUTTOCKS = "buttocks"
    LEG = "leg"
    FOOT_TOP_OR_SIDE = "foot_top_or_side"
    FOOT_SOLE = "foot_sole"
    OTHER = "other"


class ConditionSymptom(StrEnum):
    """What the problem does; several may be ticked (`condition_symptoms_*`)."""

    BOTHERSOME_APPEARANCE = "bothersome_appearance"
    BLEEDING = "bleeding"
    INCREASING_SIZE = "increasing_size"
    DARKENING = "darkening"
    ITCHING = "itching"
    BURNING = "burning"
    PAIN = "pain"
    NO_RELEVANT_EXPERIENCE = "no_relevant_experience"


class OtherSymptom(StrEnum):
    """What else the contributor feels; several may be ticked (`other_symptoms_*`)."""

    FEVER = "fever"
    CHILLS = "chills"
    FATIGUE = "fatigue"
    JOINT_PAIN = "joint_pain"
    MOUTH_SORES = "mouth_sores"
    SHORTNESS_OF_BREATH = "shortness_of_breath"
    NO_RELEVANT_SYMPTOMS = "no_relevant_symptoms"


EXCLUSIVE: Final[frozenset[StrEnum]] = frozenset(
    {ConditionSymptom.NO_RELEVANT_EXPERIENCE, OtherSymptom.NO_RELEVANT_SYMPTOMS}
)
"""Answers that mean "none of these": where one is ticked, nothing else of its question may be."""


class RelatedCategory(StrEnum):
    """What the contributor would call the problem."""

    ACNE = "ACNE"
    GROWTH_OR_MOLE = "GROWTH_OR_MOLE"
    HAIR_LOSS = "HAIR_LOSS"
    OTHER_HAIR_PROBLEM = "OTHER_HAIR_PROBLEM"
    NAIL_PROBLEM = "NAIL_PROBLEM"
    PIGMENTARY_PROBLEM = "PIGMENTARY_PROBLEM"
    RASH = "RASH"
    LOOKS_HEALTHY = "LOOKS_HEALTHY"
    OTHER_ISSUE_DESCRIPTION = "OTHER_ISSUE_DESCRIPTION"


class ConditionDuration(StrEnum):
    """For how long the problem has been there. UNKNOWN is the answer "none of these"."""

    ONE_DAY = "ONE_DAY"
    LESS_THAN_ONE_WEEK = "LESS_THAN_ONE_WEEK"
    ONE_TO_FOUR_WEEKS = "ONE_TO_FOUR_WEEKS"
    ONE_TO_THREE_MONTHS = "ONE_TO_THREE_MONTHS"
    THREE_TO_TWELVE_MONTHS = "THREE_TO_TWELVE_MONTHS"
    MORE_THAN_ONE_YEAR = "MORE_THAN_ONE_YEAR"
    MORE_THAN_FIVE_YEARS = "MORE_THAN_FIVE_YEARS"
    SINCE_CHILDHOOD = "SINCE_CHILDHOOD"
    UNKNOWN = "UNKNOWN"


class Gradability(StrEnum):
    """Whether a dermatologist can name a condition from the photographs of a case."""

    DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT = "DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT"
    NO_IMAGE_QUALITY_INSUFFICIENT = "NO_IMAGE_QUALITY_INSUFFICIENT"
    YES_IMAGE_QUALITY_SUFFICIENT_NO_DISCERNIBLE_PATHOLOGY = "YES_IMAGE_QUALITY_SUFFICIENT_NO_DISCERNIBLE_PATHOLOGY"


class Confidence(IntEnum):
    """How probable the dermatologist thinks one diagnosis is; the number is stored and released."""

    BELOW_25_PERCENT = 1
    FROM_25_TO_50_PERCENT = 2
    FROM_50_TO_75_PERCENT = 3
    FROM_75_TO_90_PERCENT = 4
    ABOVE_90_PERCENT = 5


class SkinTonePool(StrEnum):
    """The two pools of lay graders; the code ends the column names (`monk_skin_tone_label_india`)."""

    INDIA = "india"
    US = "us"


class MonkSkinTone(IntEnum):
    """The Monk Skin Tone scale, from 1 (lightest) to 10 (darkest); the number is stored and released."""

    MST1 = 1
    MST2 = 2
    MST3 = 3
    MST4 = 4
    MST5 = 5
    MST6 = 6
    MST7 = 7
    MST8 = 8
    MST9 = 9
    MST10 = 10
