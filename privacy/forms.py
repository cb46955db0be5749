"""What a moderator decides about one case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.models import Case

ADMIT, REJECT = "admit", "reject"


class ReviewForm(forms.Form):
    """Admit or reject with a reason; nothing is chosen beforehand.

    `flagged`: the same pixels came with another contribution. `unclean`: an image other than the close-up could not be
    cleaned. `no_close_up`: there is nothing to admit.
    """

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[(ADMIT, _("Admit")), (REJECT, _("Reject"))],
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
        error_messages={"required": _("Choose whether to admit or to reject.")},
    )
    not_a_duplicate = forms.BooleanField(
        label=_("I compared the pictures: this is not a second contribution of the same photo"), required=False
    )
    leave_out = forms.BooleanField(label=_("Leave out what could not be processed and admit the rest"), required=False)
    reason = forms.ChoiceField(
        label=_("Reason, where you reject"),
        choices=Case.Reason.choices,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        error_messages={"required": _("Choose a reason for rejecting.")},
    )

    def __init__(
        self, *args: Any, flagged: bool = False, unclean: bool = False, no_close_up: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not self.is_bound or self.data.get("decision") == REJECT
        if no_close_up:
            self.fields["decision"].choices = [(REJECT, _("Reject"))]  # type: ignore[attr-defined]
        if not flagged:
            del self.fields["not_a_duplicate"]
        if not unclean or no_close_up:
            del self.fields["leave_out"]

    def clean(self) -> dict[str, Any]:
        """Refuses an admission that leaves a question open, or that comes with a reason for rejecting."""
        given = self.cleaned_data
        if given.get("decision") == ADMIT:
            if given.get("reason"):
                self.add_error("reason", _("You chose to admit. Clear the form, or reject."))
            if "not_a_duplicate" in self.fields and not given.get("not_a_duplicate"):
                self.add_error("not_a_duplicate", _("Say that this is not a duplicate, or reject."))
            if "leave_out" in self.fields and not given.get("leave_out"):
                self.add_error("leave_out", _("Leave out what could not be processed, or reject."))
        return given
