"""The database knows the vocabulary: a column with choices holds one of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_erasures_stay_too"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__in", ["RELEASES", "LABELS", "CASE", "ORIGINALS", "ANSWERS"])),
                name="erasure_place_is_in_the_vocabulary",
            ),
        ),
    ]
