"""What people read for each code, in our own words. Shape, texture, itch and place come first; colour comes last.

The words have to hold on every skin: a change of colour is said as lighter, darker or different from the skin around
it, never as one colour.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.vocabulary import (
    BodyPart,
    ConditionDuration,
    ConditionSymptom,
    FitzpatrickSkinType,
    OtherSymptom,
    RaceEthnicity,
    RelatedCategory,
    SexAtBirth,
    ShotType,
    Texture,
)

Words = Mapping[str, str | Promise]

PHOTOS: Final = _("Take up to three photos of one skin problem. Only the first is needed.")
SHOTS: Final[Words] = {
    ShotType.CLOSE_UP: _("Close-up photo"),
    ShotType.AT_AN_ANGLE: _("Photo from an angle"),
    ShotType.AT_DISTANCE: _("Photo from further away"),
}

ANSWERS: Final[dict[str, Words]] = {
    "body_parts": {
        BodyPart.HEAD_OR_NECK: _("Head, face or neck"),
        BodyPart.ARM: _("Arm"),
        BodyPart.PALM: _("Palm of the hand"),
        BodyPart.BACK_OF_HAND: _("Back of the hand"),
        BodyPart.TORSO_FRONT: _("Chest or belly"),
        BodyPart.TORSO_BACK: _("Back"),
        BodyPart.GENITALIA_OR_GROIN: _("Genitals or groin"),
        BodyPart.BUTTOCKS: _("Buttocks"),
        BodyPart.LEG: _("Leg"),
        BodyPart.FOOT_TOP_OR_SIDE: _("Top or side of the foot"),
        BodyPart.FOOT_SOLE: _("Sole of the foot"),
        BodyPart.OTHER: _("Somewhere else"),
    },
    "related_category": {
        RelatedCategory.ACNE: _("Acne or pimples"),
        RelatedCategory.GROWTH_OR_MOLE: _("A growth, a lump or a mole"),
        RelatedCategory.HAIR_LOSS: _("Hair loss"),
        RelatedCategory.OTHER_HAIR_PROBLEM: _("Something else about hair"),
        RelatedCategory.NAIL_PROBLEM: _("Something about a nail"),
        RelatedCategory.PIGMENTARY_PROBLEM: _("Skin that turned lighter or darker"),
        RelatedCategory.RASH: _("A rash"),
        RelatedCategory.LOOKS_HEALTHY: _("Nothing: the skin looks healthy"),
        RelatedCategory.OTHER_ISSUE_DESCRIPTION: _("None of these"),
    },
    "textures": {
        Texture.RAISED_OR_BUMPY: _("Raised or bumpy"),
        Texture.FLAT: _("Flat: you see it but cannot feel it"),
        Texture.ROUGH_OR_FLAKY: _("Rough, dry or flaky"),
        Texture.FLUID_FILLED: _("Filled with fluid, like a blister"),
    },
    "condition_symptoms": {
        ConditionSymptom.BOTHERSOME_APPEARANCE: _("I do not like how it looks"),
        ConditionSymptom.BLEEDING: _("It bleeds"),
        ConditionSymptom.INCREASING_SIZE: _("It is getting bigger"),
        ConditionSymptom.DARKENING: _("It is getting darker"),
        ConditionSymptom.ITCHING: _("It itches"),
        ConditionSymptom.BURNING: _("It burns or stings"),
        ConditionSymptom.PAIN: _("It hurts"),
        ConditionSymptom.NO_RELEVANT_EXPERIENCE: _("None of these"),
    },
    "other_symptoms": {
        OtherSymptom.FEVER: _("Fever"),
        OtherSymptom.CHILLS: _("Chills"),
        OtherSymptom.FATIGUE: _("Unusual tiredness"),
        OtherSymptom.JOINT_PAIN: _("Painful joints"),
        OtherSymptom.MOUTH_SORES: _("Sores in the mouth"),
        OtherSymptom.SHORTNESS_OF_BREATH: _("Trouble breathing"),
        OtherSymptom.NO_RELEVANT_SYMPTOMS: _("None of these"),
    },
    "condition_duration": {
        ConditionDuration.ONE_DAY: _("One day"),
        ConditionDuration.LESS_THAN_ONE_WEEK: _("Less than a week"),
        ConditionDuration.ONE_TO_FOUR_WEEKS: _("One to four weeks"),
        ConditionDuration.ONE_TO_THREE_MONTHS: _("One to three months"),
        ConditionDuration.THREE_TO_TWELVE_MONTHS: _("Three to twelve months"),
        ConditionDuration.MORE_THAN_ONE_YEAR: _("More than a year"),
        ConditionDuration.MORE_THAN_FIVE_YEARS: _("More than five years"),
        ConditionDuration.SINCE_CHILDHOOD: _("Since I was a child"),
        ConditionDuration.UNKNOWN: _("None of these, or I do not know"),
    },
    "sex_at_birth": {
        SexAtBirth.FEMALE: _("Female"),
        SexAtBirth.MALE: _("Male"),
        SexAtBirth.INTERSEX_OR_NON_BINARY: _("Intersex or non-binary"),
        SexAtBirth.PREFER_NOT_TO_SAY: _("I prefer not to say"),
    },
    "fitzpatrick_skin_type": {
        FitzpatrickSkinType.FST1: _("It always burns and never tans"),
        FitzpatrickSkinType.FST2: _("It usually burns and tans a little"),
        FitzpatrickSkinType.FST3: _("It sometimes burns and slowly tans"),
        FitzpatrickSkinType.FST4: _("It seldom burns and tans well"),
        FitzpatrickSkinType.FST5: _("It hardly ever burns and tans very easily"),
        FitzpatrickSkinType.FST6: _("It never burns and always tans"),
        FitzpatrickSkinType.NONE_IDENTIFIED: _("None of these"),
    },
    "race_ethnicity": {
        RaceEthnicity.AMERICAN_INDIAN_OR_ALASKA_NATIVE: _("American Indian or Alaska Native"),
        RaceEthnicity.ASIAN: _("Asian"),
        RaceEthnicity.BLACK_OR_AFRICAN_AMERICAN: _("Black or African American"),
        RaceEthnicity.HISPANIC_LATINO_OR_SPANISH_ORIGIN: _("Hispanic, Latino or of Spanish origin"),
        RaceEthnicity.MIDDLE_EASTERN_OR_NORTH_AFRICAN: _("Middle Eastern or North African"),
        RaceEthnicity.NATIVE_HAWAIIAN_OR_PACIFIC_ISLANDER: _("Native Hawaiian or Pacific Islander"),
        RaceEthnicity.WHITE: _("White"),
        RaceEthnicity.OTHER_RACE: _("Another group"),
        RaceEthnicity.PREFER_NOT_TO_ANSWER: _("I prefer not to answer"),
    },
}

ASKED: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "body_parts": (_("Where on your body is it?"), _("Choose every place that applies.")),
    "related_category": (
        _("What would you call it?"),
        _("Choose what fits best. You need not know a name for it."),
    ),
    "textures": (_("What is its surface like?"), _("Touch it gently. Choose all that apply.")),
    "condition_symptoms": (_("What do you notice about it?"), _("Choose all that apply.")),
    "other_symptoms": (_("Have you felt unwell since it began?"), _("Choose all that apply.")),
    "condition_duration": (_("For how long have you had it?"), ""),
    "age": (_("How old are you?"), _("In years. What becomes public is only a group, such as 30 to 39.")),
    "sex_at_birth": (_("What sex were you given at birth?"), ""),
    "fitzpatrick_skin_type": (
        _("How does your skin react to strong sun?"),
        _("Think of an hour in the midday sun without sunscreen, after months without sun."),
    ),
    "race_ethnicity": (_("Which of these groups do you count yourself in?"), _("Choose all that apply.")),
}
"""Column → the question and the line below it."""

# Keys are the codes of imaging.results.Reason.
REFUSALS: Final[Words] = {
    "EMPTY": _("This file is empty: nothing arrived but its name. Choose the photo again, or take a new one."),
    "TOO_LARGE": _("This file is larger than 20 MB. Take the photo with your camera's ordinary settings."),
    "NOT_A_PHOTO": _("This file is not a photo that we can read. Send a JPEG, PNG, WebP, HEIC, AVIF or TIFF file."),
    "TOO_MANY_PIXELS": _("This photo has more than 50 megapixels. Take it with a lower resolution, or crop it."),
    "DAMAGED": _(
        "This photo is damaged or not complete. Open it on your phone to see if it is whole, or take a new one."
    ),
    "OUT_OF_MEMORY": _("This photo is too heavy for us to open. Take it with a lower resolution."),
    "TIMEOUT": _("This photo took too long to open. Try it once more, or take a new one."),
    "CRASHED": _("This photo could not be opened. Take a new one, or save it as a JPEG first."),
}
# Keys are the codes of imaging.results.Advice.
ADVICE: Final[Words] = {
    "TOO_DARK": _("The photo looks dark. More light helps: stand near a window, or turn on a lamp."),
    "TOO_BRIGHT": _(
        "Parts of the photo are so bright that nothing can be seen there. Turn away from the light a little."
    ),
    "BLURRED": _("The photo looks blurred. Hold the phone still, a hand's length away, and tap the skin to focus."),
}
