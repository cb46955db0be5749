"""The self-report's columns, shared by what a person gave (contrib_portal) and by the case made of it (privacy).

Everything is optional: "" or an empty array is no answer. The vocabulary is SCIN's, and the database keeps to it.
"""

from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core import vocabulary

ONE_OF: dict[str, type[StrEnum]] = {
    "sex_at_birth": vocabulary.SexAtBirth,
    "fitzpatrick_skin_type": vocabulary.FitzpatrickSkinType,
    "related_category": vocabulary.RelatedCategory,
    "condition_duration": vocabulary.ConditionDuration,
}
SOME_OF: dict[str, type[StrEnum]] = {
    "race_ethnicity": vocabulary.RaceEthnicity,
    "textures": vocabulary.Texture,
    "body_parts": vocabulary.BodyPart,
    "condition_symptoms": vocabulary.ConditionSymptom,
    "other_symptoms": vocabulary.OtherSymptom,
}


def _one_of(name: str) -> "models.CharField[str, str]":
    return models.CharField(max_length=40, blank=True, default="", choices=[(m.value, m.value) for m in ONE_OF[name]])


def _some_of() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=60), blank=True, default=list)


def constraints() -> list[models.BaseConstraint]:
    """The vocabulary of the arrays as constraints, named per model. `keeps_to_its_choices` makes those of the others."""
    return [
        models.CheckConstraint(
            name=f"%(class)s_{name}_are_in_the_vocabulary",
            condition=Q(**{f"{name}__contained_by": [word.value for word in words]}),
        )
        for name, words in SOME_OF.items()
    ]


class SelfReportedAnswers(models.Model):
    """Columns of the answers that keep their shape all the way to a release; age does not (see AgeGroup)."""

    sex_at_birth = _one_of("sex_at_birth")
    fitzpatrick_skin_type = _one_of("fitzpatrick_skin_type")
    race_ethnicity = _some_of()
    textures = _some_of()
    body_parts = _some_of()
    condition_symptoms = _some_of()
    other_symptoms = _some_of()
    related_category = _one_of("related_category")
    condition_duration = _one_of("condition_duration")

    class Meta:
        abstract = True
        constraints = constraints()
