"""What labelers are asked, as forms. The words are in labeling.questions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.vocabulary import Confidence, FitzpatrickSkinType, Gradability, MonkSkinTone
from labeling.actions.labeling import SUFFICIENT, Answers, Entry
from labeling.finder import Finder
from labeling.questions import NO, QUESTIONS, YES, Asked

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _one_of(name: str, *, required: "StrOrPromise" = "", **options: Any) -> forms.ChoiceField:
    """A question of QUESTIONS with one answer; `required` is what is said where there is none."""
    question = QUESTIONS[name]
    return forms.ChoiceField(
        label=question.text,
        help_text=question.help_text,
        choices=question.choices,
        widget=forms.RadioSelect(attrs={"hints": question.hints}),
        required=bool(required),
        error_messages={"required": required, "invalid_choice": _("Choose one of the answers.")},
        **options,
    )


class LabelForm(forms.Form):
    """One reading of a case. Rows condition_1, confidence_1, … are as many as the study allows; empty ones are left out.

    What is not asked is not looked at: the second question where the photos do not suffice, the skin type where it
    cannot be estimated. What contradicts is an error, never dropped.
    """

    token = forms.UUIDField(widget=forms.HiddenInput)
    gradable = _one_of(
        "gradable_for_skin_condition",
        required=_("Say whether the photos are good enough."),
        initial=SUFFICIENT.value,
    )
    condition_of_interest_is_clear = _one_of("condition_of_interest", initial=YES)
    gradable_for_fitzpatrick_skin_type = _one_of(
        "gradable_for_fitzpatrick_skin_type", required=_("Say whether the skin type can be estimated.")
    )
    estimated_fitzpatrick_skin_type = _one_of("fitzpatrick_skin_type")

    def __init__(self, *args: Any, finder: Finder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finder = finder
        self.numbers = range(1, settings.STUDY["conditions_per_label"] + 1)
        for number in self.numbers:
            self.fields[f"condition_{number}"] = forms.CharField(
                label=_("Condition %(number)d") % {"number": number},
                max_length=120,
                required=False,
                widget=forms.TextInput(attrs={"list": "conditions", "autocomplete": "off", "spellcheck": "false"}),
            )
            self.fields[f"confidence_{number}"] = _one_of("skin_condition_confidence")

    @property
    def asked(self) -> Asked:
        """The question that the rows answer."""
        return QUESTIONS["skin_condition"]

    @property
    def meanings(self) -> "list[tuple[str, StrOrPromise]]":
        """(number, what it means) of the confidences."""
        return list(QUESTIONS["skin_condition_confidence"].hints.items())

    @property
    def shares(self) -> list[tuple[str, str]]:
        """The same in short: the share of such readings that would be right."""
        return [(number, str(meaning).partition(",")[0]) for number, meaning in self.meanings]

    @property
    def rows(self) -> Iterator[tuple[int, forms.BoundField, forms.BoundField]]:
        """(number, condition, confidence) of each row."""
        for number in self.numbers:
            yield number, self[f"condition_{number}"], self[f"confidence_{number}"]

    def clean(self) -> None:
        data = self.cleaned_data
        suffices = data.get("gradable") == SUFFICIENT
        if suffices and not data.get("condition_of_interest_is_clear"):
            self.add_error("condition_of_interest_is_clear", _("Say whether it is clear which condition is meant."))
        skin_type = data.get("estimated_fitzpatrick_skin_type")
        if data.get("gradable_for_fitzpatrick_skin_type") == YES and not skin_type:
            self.add_error("estimated_fitzpatrick_skin_type", _("Choose the skin type."))
        entries = self._entries()
        is_clear = suffices and data.get("condition_of_interest_is_clear") == YES
        if entries and "gradable" in data and not is_clear:
            self.add_error(
                "gradable" if not suffices else "condition_of_interest_is_clear",
                _("Conditions are named. Take them out, or change this answer."),
            )
        if is_clear and not entries and not any(f"condition_{number}" in self.errors for number in self.numbers):
            self.add_error("condition_1", _("Name at least one condition."))
        data["entries"] = tuple(entries)

    def _entries(self) -> list[Entry]:
        entries: list[Entry] = []
        for number in self.numbers:
            term = self.cleaned_data.get(f"condition_{number}", "")
            if not term:
                continue
            condition = self.finder.find(term)
            confidence = self.cleaned_data.get(f"confidence_{number}")
            if condition is None:
                self.add_error(f"condition_{number}", self._unknown(term))
            elif any(entry.condition == condition for entry in entries):
                self.add_error(f"condition_{number}", _("%(name)s is named twice.") % {"name": condition.name})
            elif not confidence:
                self.add_error(f"confidence_{number}", _("How sure are you of %(name)s?") % {"name": condition.name})
            else:
                entries.append(Entry(condition=condition, raw_term=term, confidence=Confidence(int(confidence))))
        return entries

    def _unknown(self, term: str) -> str:
        nearest = ", ".join(self.finder.nearest(term))
        if not nearest:
            return _("“%(term)s” is not in the list.") % {"term": term}
        return _("“%(term)s” is not in the list. Perhaps: %(nearest)s.") % {"term": term, "nearest": nearest}

    def answers(self) -> Answers:
        """What the valid form says."""
        data = self.cleaned_data
        gradable = Gradability(data["gradable"])
        is_estimated = data["gradable_for_fitzpatrick_skin_type"] == YES
        return Answers(
            gradable=gradable,
            condition_of_interest_is_clear=(
                data["condition_of_interest_is_clear"] == YES if gradable == SUFFICIENT else None
            ),
            entries=data["entries"],
            estimated_fitzpatrick_skin_type=(
                FitzpatrickSkinType(data["estimated_fitzpatrick_skin_type"]) if is_estimated else None
            ),
        )

    @property
    def entered(self) -> "list[tuple[StrOrPromise, str]]":
        """What was entered, question by question, for a page that can no longer store it."""
        answered = [self._chosen("gradable"), self._chosen("condition_of_interest_is_clear")]
        answered += [
            (condition.label, f"{condition.value()} ({confidence.value() or '–'})")
            for _number, condition, confidence in self.rows
            if condition.value()
        ]
        answered.append(self._chosen("estimated_fitzpatrick_skin_type"))
        return [(label, value) for label, value in answered if value]

    def _chosen(self, name: str) -> "tuple[StrOrPromise, str]":
        bound = self[name]
        choices = dict(cast(Any, bound.field).choices)
        return bound.label, str(choices.get(bound.value(), ""))


class SkinToneForm(forms.Form):
    """One estimate on the Monk scale. Where the skin tone cannot be judged, the swatch is not looked at."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    gradable = _one_of(
        "gradable_for_monk_skin_tone", required=_("Say whether the skin tone can be judged."), initial=YES
    )
    monk = _one_of("monk_skin_tone")
    difficult = forms.BooleanField(label=QUESTIONS["difficult_to_assess"].text, required=False)

    def clean(self) -> None:
        if self.cleaned_data.get("gradable") == YES and not self.cleaned_data.get("monk"):
            self.add_error("monk", _("Choose the swatch that comes closest."))

    @property
    def tone(self) -> MonkSkinTone | None:
        """The swatch that the valid form chose; None where the skin tone cannot be judged."""
        if self.cleaned_data["gradable"] == NO:
            return None
        return MonkSkinTone(int(self.cleaned_data["monk"]))
