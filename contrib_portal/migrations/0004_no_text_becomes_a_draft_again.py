"""A text that was in force never becomes a draft again: as one it could be edited."""

from django.db import migrations

NOW = """
CREATE OR REPLACE FUNCTION contrib_portal_text_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status = 'DRAFT' THEN RETURN OLD; END IF;
    ELSIF OLD.status = 'DRAFT' OR NEW.status <> 'DRAFT' AND
        (OLD.version, OLD.language, OLD.title, OLD.body, OLD.sha256, OLD.is_material_change, OLD.effective_at)
        IS NOT DISTINCT FROM
        (NEW.version, NEW.language, NEW.title, NEW.body, NEW.sha256, NEW.is_material_change, NEW.effective_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'consent text % % stands: write a new version', OLD.version, OLD.language
        USING ERRCODE = 'restrict_violation';
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION contrib_portal_text_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status = 'DRAFT' THEN RETURN OLD; END IF;
    ELSIF OLD.status = 'DRAFT' OR (OLD.version, OLD.language, OLD.title, OLD.body, OLD.sha256, OLD.is_material_change)
        IS NOT DISTINCT FROM (NEW.version, NEW.language, NEW.title, NEW.body, NEW.sha256, NEW.is_material_change) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'consent text % % stands: write a new version', OLD.version, OLD.language
        USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("contrib_portal", "0003_first_consent_text")]
    operations = [migrations.RunSQL(NOW, BEFORE)]
