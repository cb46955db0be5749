"""The database knows the vocabulary: a column with choices holds one of them."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labeling", "0003_conditions"),
        ("privacy", "0005_vocabulary"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["HELD", "SUBMITTED", "RETURNED", "EXPIRED"])),
                name="assignment_status_is_in_the_vocabulary",
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(("risk__in", ["low", "medium", "high"])), name="condition_risk_is_in_the_vocabulary"
            ),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "gradable__in",
                        [
                            "DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT",
                            "NO_IMAGE_QUALITY_INSUFFICIENT",
                            "YES_IMAGE_QUALITY_SUFFICIENT_NO_DISCERNIBLE_PATHOLOGY",
                        ],
                    )
                ),
                name="label_gradable_is_in_the_vocabulary",
            ),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("estimated_fitzpatrick_skin_type__in", ["", "FST1", "FST2", "FST3", "FST4", "FST5", "FST6"])
                ),
                name="label_estimated_fitzpatrick_skin_type_is_in_the_vocabulary",
            ),
        ),
        migrations.AddConstraint(
            model_name="skintoneassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["HELD", "SUBMITTED", "EXPIRED"])),
                name="skintoneassignment_status_is_in_the_vocabulary",
            ),
        ),
    ]
