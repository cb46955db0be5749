"""The conditions that dermatologists choose from."""

from django.db import migrations

from labeling.actions.terminology import load_conditions


def load(apps, schema_editor):
    load_conditions(apps.get_model("labeling", "Condition"))


class Migration(migrations.Migration):
    dependencies = [("labeling", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
