"""Of the checks of a kind the one recorded last counts: a clock that was set back does not bring an older one into force."""

from django.db import migrations, models

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
                    WHERE image_id = image.image_id AND kind = required.kind ORDER BY id DESC LIMIT 1
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


class Migration(migrations.Migration):
    dependencies = [("privacy", "0003_left_out_images")]
    operations = [
        migrations.RunSQL(NOW, BEFORE),
        migrations.RemoveIndex(model_name="privacycheck", name="latest_check_of_a_kind"),
        migrations.AddIndex(
            model_name="privacycheck",
            index=models.Index(fields=["image", "kind", "-id"], name="latest_check_of_a_kind"),
        ),
    ]
