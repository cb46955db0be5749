"""The database knows the vocabulary: a column with choices holds one of them."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contrib_portal", "0005_vocabulary"),
        ("privacy", "0004_the_last_recorded_check_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["CHECKING", "NEEDS_REVIEW", "ADMITTED", "REJECTED", "ERASED"])),
                name="case_status_is_in_the_vocabulary",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "age_group__in",
                        [
                            "AGE_18_TO_29",
                            "AGE_30_TO_39",
                            "AGE_40_TO_49",
                            "AGE_50_TO_59",
                            "AGE_60_TO_69",
                            "AGE_70_TO_79",
                            "AGE_80_OR_ABOVE",
                            "AGE_UNKNOWN",
                        ],
                    )
                ),
                name="case_age_group_is_in_the_vocabulary",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "rejection_reason__in",
                        [
                            "",
                            "SPAM",
                            "NOT_SKIN",
                            "OUT_OF_SCOPE",
                            "IDENTIFYING",
                            "PUBLIC_COPY",
                            "DUPLICATE",
                            "TOO_POOR",
                            "UNREADABLE",
                            "MINOR_OR_EXPLICIT",
                        ],
                    )
                ),
                name="case_rejection_reason_is_in_the_vocabulary",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseimage",
            constraint=models.CheckConstraint(
                condition=models.Q(("shot_type__in", ["CLOSE_UP", "AT_AN_ANGLE", "AT_DISTANCE"])),
                name="caseimage_shot_type_is_in_the_vocabulary",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseimage",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["WAITING", "CLEAN", "NEEDS_REVIEW", "ERASED"])),
                name="caseimage_status_is_in_the_vocabulary",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["METADATA_REMOVED", "READ_BACK", "EXACT_DUPLICATE", "HUMAN_REVIEW"])),
                name="privacycheck_kind_is_in_the_vocabulary",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["PASSED", "FLAGGED", "FAILED"])),
                name="privacycheck_outcome_is_in_the_vocabulary",
            ),
        ),
    ]
