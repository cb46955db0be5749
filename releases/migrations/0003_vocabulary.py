"""The database knows the vocabulary: a column with choices holds one of them."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0002_copied_at_and_k"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["DRAFT", "FROZEN", "BUILT", "APPROVED", "PUBLISHED", "SUPERSEDED", "ABANDONED"])
                ),
                name="release_status_is_in_the_vocabulary",
            ),
        ),
    ]
