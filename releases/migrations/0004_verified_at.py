from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def verify_what_is_built(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was built until now was to be read again with its approval: a worker does it instead."""
    Release = apps.get_model("releases", "Release")
    Release.objects.filter(status="BUILT").update(due_at=F("built_at"), attempts=0)
    Release.objects.exclude(approved_at=None).update(verified_at=F("approved_at"))


class Migration(migrations.Migration):
    dependencies = [("releases", "0003_vocabulary")]

    operations = [
        migrations.AddField(
            model_name="release",
            name="verified_at",
            field=models.DateTimeField(
                blank=True, help_text="Since when the report says what was read again.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="release",
            name="problem",
            field=models.CharField(
                blank=True, help_text="Why the last attempt to build or verify failed.", max_length=300
            ),
        ),
        migrations.RunPython(verify_what_is_built, migrations.RunPython.noop),
    ]
