"""The database knows the vocabulary: a column with choices holds one of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contrib_portal", "0004_no_text_becomes_a_draft_again"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="consentdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["DRAFT", "EFFECTIVE", "RETIRED"])),
                name="consentdocument_status_is_in_the_vocabulary",
            ),
        ),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["DRAFT", "SUBMITTED", "WITHDRAWN", "EXPIRED"])),
                name="contribution_status_is_in_the_vocabulary",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(("shot_type__in", ["CLOSE_UP", "AT_AN_ANGLE", "AT_DISTANCE"])),
                name="image_shot_type_is_in_the_vocabulary",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["RECEIVING", "RECEIVED", "REPLACED", "ERASED"])),
                name="image_status_is_in_the_vocabulary",
            ),
        ),
    ]
