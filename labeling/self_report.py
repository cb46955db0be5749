"""What a labeler is told of the contributor beside the photos.

Never race or ethnicity and never the self-reported skin type: they would colour the labeler's own estimate.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.vocabulary import AgeGroup, ConditionDuration, RelatedCategory
from privacy.models import Case

Text = str | Promise

# Codes whose words do not follow from the code.
WORDS: dict[str, Text] = {
    AgeGroup.AGE_80_OR_ABOVE.value: _("80 or above"),
    AgeGroup.AGE_UNKNOWN.value: "",
    RelatedCategory.OTHER_ISSUE_DESCRIPTION.value: _("Something else"),
    ConditionDuration.UNKNOWN.value: _("Not sure"),
    "no_relevant_experience": _("None of these"),
    "no_relevant_symptoms": _("None of these"),
}


def told(case: Case) -> list[tuple[Text, str]]:
    """(what, answer) for each question that the contributor answered."""
    answers: list[tuple[Text, list[str]]] = [
        (_("Age"), [case.age_group]),
        (_("Sex at birth"), [case.sex_at_birth]),
        (_("Where"), case.body_parts),
        (_("Since"), [case.condition_duration]),
        (_("Would call it"), [case.related_category]),
        (_("Texture"), case.textures),
        (_("Symptoms"), case.condition_symptoms),
        (_("Feels unwell"), case.other_symptoms),
    ]
    read = [(what, ", ".join(filter(None, map(_read, codes)))) for what, codes in answers]
    return [(what, words) for what, words in read if words]


def _read(code: str) -> str:
    words = WORDS.get(code)
    if words is None:
        words = code.removeprefix("AGE_").replace("_", " ").lower()
    return str(words)
