"""The roles of staff, as groups."""

from django.db import migrations

ROLES = [
    "moderator",
    "dermatologist",
    "skin-tone grader",
    "coordinator",
    "release manager",
    "auditor",
    "administrator",
]


def create(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
