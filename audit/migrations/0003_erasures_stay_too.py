"""The table of erasures is not emptied either."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER audit_erasure_table_stays BEFORE TRUNCATE ON audit_erasure
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
ALLOW = "DROP TRIGGER audit_erasure_table_stays ON audit_erasure;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
