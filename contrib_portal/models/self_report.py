"""What a person told us."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.answers import SelfReportedAnswers, constraints
from core.constraints import keeps_to_its_choices

# The questions in the order they are asked; each is a column.
QUESTIONS = (
    "body_parts",
    "related_category",
    "textures",
    "condition_symptoms",
    "other_symptoms",
    "condition_duration",
    "age",
    "sex_at_birth",
    "fitzpatrick_skin_type",
    "race_ethnicity",
)


@keeps_to_its_choices
class SelfReport(SelfReportedAnswers):
    """The answers of one contribution. A question that has no answer was never shown (in neither list), skipped by its
    button (in `skipped`), or sent back empty (in `left_empty`): three things that SCIN could not tell apart.

    `age` in years, 18–150; it never leaves this room, only its group does.
    """

    contribution = models.OneToOneField("contrib_portal.Contribution", models.PROTECT, related_name="self_report")
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    skipped = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    left_empty = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        constraints = [
            *constraints(),
            models.CheckConstraint(
                name="age_is_between_18_and_150", condition=Q(age=None) | (Q(age__gte=18) & Q(age__lte=150))
            ),
            models.CheckConstraint(
                name="only_questions_are_skipped_or_left_empty",
                condition=Q(skipped__contained_by=list(QUESTIONS)) & Q(left_empty__contained_by=list(QUESTIONS)),
            ),
        ]
