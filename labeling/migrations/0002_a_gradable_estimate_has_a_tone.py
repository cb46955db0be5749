"""A check that is unknown passes: say "is not null" where a missing tone must be refused."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("labeling", "0001_initial")]
    operations = [
        migrations.RemoveConstraint(model_name="skintoneestimate", name="monk_is_1_to_10_exactly_where_gradable"),
        migrations.AddConstraint(
            model_name="skintoneestimate",
            constraint=models.CheckConstraint(
                name="monk_is_1_to_10_exactly_where_gradable",
                condition=models.Q(gradable=True, monk__isnull=False, monk__gte=1, monk__lte=10)
                | models.Q(gradable=False, monk=None),
            ),
        ),
    ]
