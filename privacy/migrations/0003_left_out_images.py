"""An image that was left out does not keep its case from being admitted; a clean close-up is always needed."""

from django.db import migrations

NOW = """
CREATE OR REPLACE FUNCTION privacy_admitted_only_when_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'ADMITTED' THEN RETURN NEW; END IF;
    IF NOT EXISTS (
        SELECT 1 FROM privacy_caseimage
        WHERE case_id = NEW.case_id AND shot_type = 'CLOSE_UP' AND status = 'CLEAN'
    ) OR EXISTS (
        SELECT 1 FROM privacy_caseimage image
        WHERE image.case_id = NEW.case_id AND image.status <> 'ERASED' AND (
            image.status <> 'CLEAN' OR EXISTS (
                SELECT 1 FROM unnest(ARRAY['METADATA_REMOVED', 'READ_BACK', 'EXACT_DUPLICATE', 'HUMAN_REVIEW']) required(kind)
                WHERE 'PASSED' IS DISTINCT FROM (
                    SELECT outcome FROM privacy_privacycheck
                    WHERE image_id = image.image_id AND kind = required.kind ORDER BY at DESC, id DESC LIMIT 1
                )
            )
        )
    ) THEN
        RAISE EXCEPTION 'case % is admitted only with a close-up, and when every image has passed every required check',
            NEW.case_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION privacy_admitted_only_when_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'ADMITTED' THEN RETURN NEW; END IF;
    IF NOT EXISTS (SELECT 1 FROM privacy_caseimage WHERE case_id = NEW.case_id) OR EXISTS (
        SELECT 1 FROM privacy_caseimage image
        WHERE image.case_id = NEW.case_id AND (
            image.status <> 'CLEAN' OR EXISTS (
                SELECT 1 FROM unnest(ARRAY['METADATA_REMOVED', 'READ_BACK', 'EXACT_DUPLICATE', 'HUMAN_REVIEW']) required(kind)
                WHERE 'PASSED' IS DISTINCT FROM (
                    SELECT outcome FROM privacy_privacycheck
                    WHERE image_id = image.image_id AND kind = required.kind ORDER BY at DESC, id DESC LIMIT 1
                )
            )
        )
    ) THEN
        RAISE EXCEPTION 'case % is admitted only when every image has passed every required check', NEW.case_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_laws")]
    operations = [migrations.RunSQL(NOW, BEFORE)]
