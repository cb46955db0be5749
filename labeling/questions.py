"""What labelers are asked, as data: the forms ask it, and a release describes it (scin_label_questions.csv).

Keys are the names that `releases.schema.LABEL_QUESTIONS` knows. The words are ours; what is asked is what SCIN asked.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from core.questions import Question
from core.vocabulary import ESTIMATED, Confidence, Gradability, MonkSkinTone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

YES: Final = "yes"
NO: Final = "no"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question. `choices`: (value in the form, words); `hints`: value → a line that explains the choice."""

    text: "StrOrPromise"
    help_text: "StrOrPromise" = ""
    choices: "tuple[tuple[str, StrOrPromise], ...]" = ()
    hints: "dict[str, StrOrPromise]" = field(default_factory=dict)

    @property
    def as_read(self) -> Question:
        """The question as one reads it, in the current language."""
        return Question(
            text=str(self.text),
            help_text=str(self.help_text),
            options=tuple(
                f"{words}: {self.hints[value]}" if value in self.hints else str(words) for value, words in self.choices
            ),
        )


QUESTIONS: Final[dict[str, Asked]] = {
    "gradable_for_skin_condition": Asked(
        text=_("Are the photos good enough to name a condition?"),
        help_text=_("Think of a teleconsultation: they need not be perfect."),
        choices=(
            (Gradability.DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT.value, _("Good enough")),
            (Gradability.NO_IMAGE_QUALITY_INSUFFICIENT.value, _("Not good enough")),
            (Gradability.YES_IMAGE_QUALITY_SUFFICIENT_NO_DISCERNIBLE_PATHOLOGY.value, _("Nothing abnormal")),
        ),
    ),
    "condition_of_interest": Asked(
        text=_("Is it clear which condition is meant?"),
        choices=((YES, _("Yes, one stands out")), (NO, _("No, several, cannot tell"))),
    ),
    "skin_condition": Asked(
        text=_("What could it be?"),
        help_text=_("The likeliest first; ties are fine."),
    ),
    "skin_condition_confidence": Asked(
        text=_("How sure are you?"),
        choices=tuple((str(number.value), str(number.value)) for number in Confidence),
        hints={
            "1": _("below 25 %, a guess"),
            "2": _("25 to 50 %, torn between several"),
            "3": _("50 to 75 %, fairly sure"),
            "4": _("75 to 90 %, sure, though not a textbook picture"),
            "5": _("above 90 %, a textbook picture"),
        },
    ),
    "gradable_for_fitzpatrick_skin_type": Asked(
        text=_("Can the skin type be estimated?"),
        choices=((YES, _("Yes")), (NO, _("No"))),
    ),
    "fitzpatrick_skin_type": Asked(
        text=_("Fitzpatrick skin type"),
        choices=tuple(
            (skin_type.value, roman)
            for skin_type, roman in zip(ESTIMATED, ("I", "II", "III", "IV", "V", "VI"), strict=True)
        ),
    ),
    "monk_skin_tone": Asked(
        text=_("Which swatch comes closest to this person's skin?"),
        choices=tuple((str(tone.value), str(tone.value)) for tone in MonkSkinTone),
    ),
    "difficult_to_assess": Asked(
        text=_("This was difficult to assess"),
    ),
    "gradable_for_monk_skin_tone": Asked(
        text=_("Can the skin tone be judged?"),
        help_text=_("It cannot where the colours are off, or where more than one person is shown."),
        choices=((YES, _("Yes")), (NO, _("No"))),
    ),
}
