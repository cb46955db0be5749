"""What a dermatologist said of a case."""

from django.db import models
from django.db.models import Q

from core.constraints import keeps_to_its_choices
from core.vocabulary import ESTIMATED, Gradability


@keeps_to_its_choices
class Label(models.Model):
    """One reading. Superseded by a newer one, never edited.

    `condition_of_interest_is_clear` is the second question, which SCIN asked and did not release: False means that
    several conditions are visible and nobody can tell which one is meant; such a label is gradable and names none.
    `estimated_fitzpatrick_skin_type` (eFST) is "" exactly where the skin type could not be graded.
    """

    assignment = models.ForeignKey("labeling.Assignment", models.PROTECT, related_name="labels")
    gradable = models.CharField(max_length=70, choices=[(code.value, code.value) for code in Gradability])
    condition_of_interest_is_clear = models.BooleanField(
        null=True, help_text="Asked only where an image is sufficient."
    )
    gradable_for_fitzpatrick_skin_type = models.BooleanField()
    estimated_fitzpatrick_skin_type = models.CharField(
        max_length=4, blank=True, choices=[(skin_type.value, skin_type.value) for skin_type in ESTIMATED]
    )
    submitted_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_current_label_per_assignment", fields=["assignment"], condition=Q(superseded_at=None)
            ),
            models.CheckConstraint(
                name="skin_type_is_given_exactly_where_gradable",
                condition=Q(gradable_for_fitzpatrick_skin_type=True) & ~Q(estimated_fitzpatrick_skin_type="")
                | Q(gradable_for_fitzpatrick_skin_type=False, estimated_fitzpatrick_skin_type=""),
            ),
            models.CheckConstraint(
                name="the_second_question_is_asked_where_sufficient",
                condition=Q(
                    gradable="DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT", condition_of_interest_is_clear__isnull=False
                )
                | ~Q(gradable="DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT") & Q(condition_of_interest_is_clear=None),
            ),
        ]


class LabeledCondition(models.Model):
    """One entry of a differential: `position` counts from 1 in the order entered, `confidence` 1 to 5 (see Confidence)."""

    label = models.ForeignKey(Label, models.CASCADE, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    condition = models.ForeignKey("labeling.Condition", models.PROTECT, related_name="+")
    raw_term = models.CharField(max_length=120, help_text="What the labeler chose or typed, before any mapping.")
    confidence = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_condition_per_position", fields=["label", "position"]),
            models.UniqueConstraint(name="a_condition_once_per_label", fields=["label", "condition"]),
            models.CheckConstraint(name="confidence_is_1_to_5", condition=Q(confidence__gte=1, confidence__lte=5)),
            models.CheckConstraint(name="positions_count_from_one", condition=Q(position__gte=1)),
        ]
