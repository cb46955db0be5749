"""What a release manager is asked."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

SMALLEST_K, LARGEST_K = 1, 1000


class DraftForm(forms.Form):
    """The beginning of a release. Whether the version is newer than all others is for the action to say."""

    version = forms.CharField(
        label=_("Version"),
        help_text=_("Three numbers, such as 1.0.0, higher than every version before it."),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter a version, such as 1.0.0.")},
    )
    k = forms.IntegerField(
        label=_("Smallest class that is shown (k)"),
        help_text=_(
            "Where fewer than k cases share age group, sex at birth and racial or ethnic groups, these are hidden step by step."
        ),
        min_value=SMALLEST_K,
        max_value=LARGEST_K,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
        error_messages={
            "required": _("Enter a whole number, such as 10."),
            "invalid": _("Enter a whole number, such as 10."),
            "min_value": _("k is at least %(limit_value)d."),
            "max_value": _("k is at most %(limit_value)d."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"k": settings.STUDY["k_anonymity"]}} | kwargs)
