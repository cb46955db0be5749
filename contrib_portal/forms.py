"""What contributors fill in. Field names are the columns they end up in, values are the study's codes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contrib_portal import receipts, wording
from core.vocabulary import EXCLUSIVE, MAX_AGE, MIN_AGE

Text = str | Promise


class EligibilityForm(forms.Form):
    """Whether this study is for this person. `campaign` is where the visit came from, empty for none."""

    campaign = forms.SlugField(max_length=60, required=False, widget=forms.HiddenInput)
    eligible = forms.ChoiceField(
        label=_("Is all of this true for you?"),
        choices=[("yes", _("Yes, all three")), ("no", _("No, not all of it"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )


class ConsentForm(forms.Form):
    """Agree or not; `document` is the SHA-256 of the text that was on the page."""

    document = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    agree = forms.ChoiceField(
        label=_("Do you agree to take part?"),
        choices=[("yes", _("I agree")), ("no", _("I do not agree"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you agree or not.")},
    )


class PhotoForm(forms.Form):
    """One photo; `upload_id` makes the same POST sent twice one photo."""

    upload_id = forms.UUIDField(widget=forms.HiddenInput)
    photo = forms.FileField(
        label=_("Choose a photo"),
        allow_empty_file=True,  # refused a step later, with what to do about it
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        error_messages={"required": _("Take or choose a photo first.")},
    )


class CodeForm(forms.Form):
    """A receipt code; cleaned to its 25 characters."""

    code = forms.CharField(
        label=_("Your receipt code"),
        help_text=_("25 letters and digits in five groups, like P9VR7-WSEJV-… Capitals and hyphens do not matter."),
        max_length=80,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "portal-mono contributor-code",
            }
        ),
        error_messages={"required": _("Enter your receipt code.")},
    )

    def clean_code(self) -> str:
        try:
            return receipts.normalise(self.cleaned_data["code"])
        except receipts.Mistyped as error:
            raise forms.ValidationError(
                _("There is a slip in this code: compare it with your receipt, character by character.")
            ) from error


class QuestionForm(forms.Form):
    """One question on one page. Nothing in it is required: an empty answer is kept as such."""

    @property
    def question(self) -> forms.BoundField:
        """The one field."""
        return self[next(iter(self.fields))]


def _asked(column: str) -> dict[str, Any]:
    label, help_text = wording.ASKED[column]
    return {"label": label, "help_text": help_text, "required": False}


def _choices(column: str) -> list[tuple[str, Text]]:
    return [(str(code), words) for code, words in wording.ANSWERS[column].items()]


class OneOf(forms.ChoiceField):
    """One answer out of the vocabulary of `column`."""

    def __init__(self, column: str) -> None:
        super().__init__(choices=_choices(column), widget=forms.RadioSelect, **_asked(column))


class SomeOf(forms.MultipleChoiceField):
    """Any number of answers out of the vocabulary of `column`; "none of these" stands alone."""

    def __init__(self, column: str) -> None:
        self.exclusive = next((str(code) for code in wording.ANSWERS[column] if code in EXCLUSIVE), "")
        attrs = {"exclusive": self.exclusive} if self.exclusive else {}
        widget = forms.CheckboxSelectMultiple(attrs=attrs)
        super().__init__(choices=_choices(column), widget=widget, **_asked(column))

    def validate(self, value: Sequence[str]) -> None:
        super().validate(value)
        if self.exclusive in value and len(value) > 1:
            raise forms.ValidationError(_("Choose “None of these” alone, or what applies, but not both."))


class BodyPartsForm(QuestionForm):
    body_parts = SomeOf("body_parts")


class RelatedCategoryForm(QuestionForm):
    related_category = OneOf("related_category")


class TexturesForm(QuestionForm):
    textures = SomeOf("textures")


class ConditionSymptomsForm(QuestionForm):
    condition_symptoms = SomeOf("condition_symptoms")


class OtherSymptomsForm(QuestionForm):
    other_symptoms = SomeOf("other_symptoms")


class ConditionDurationForm(QuestionForm):
    condition_duration = OneOf("condition_duration")


class AgeForm(QuestionForm):
    """Years, 18 to 150. `is_for_a_minor` tells the page to say what somebody younger can do."""

    age = forms.IntegerField(
        **_asked("age"),
        min_value=MIN_AGE,
        max_value=MAX_AGE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Enter your age in whole years, in digits: 34 for example."),
            "min_value": _("This study is for people who are 18 or older. Correct the age if it was a slip."),
            "max_value": _("Enter an age of at most %(limit_value)d years."),
        },
    )

    @property
    def is_for_a_minor(self) -> bool:
        """Whether what was entered is a number below 18."""
        return self.has_error("age", "min_value")


class SexAtBirthForm(QuestionForm):
    sex_at_birth = OneOf("sex_at_birth")


class FitzpatrickSkinTypeForm(QuestionForm):
    fitzpatrick_skin_type = OneOf("fitzpatrick_skin_type")


class RaceEthnicityForm(QuestionForm):
    race_ethnicity = SomeOf("race_ethnicity")
