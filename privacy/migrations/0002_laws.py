"""Laws that span rows. A check is never changed. A case is admitted only with a clean close-up, and when every image that was not
left out has passed every required check; of the checks of a kind the one recorded last counts, whatever its clock said.
"""

from django.db import migrations

LAWS = """
CREATE FUNCTION privacy_check_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a check is never changed: record a new one' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER privacy_check_stands BEFORE UPDATE ON privacy_privacycheck
    FOR EACH ROW EXECUTE FUNCTION privacy_check_stands();

CREATE FUNCTION privacy_admitted_only_when_checked() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER case_admitted_only_when_checked BEFORE INSERT OR UPDATE OF status ON privacy_case
    FOR EACH ROW EXECUTE FUNCTION privacy_admitted_only_when_checked();
"""
REPEAL = """
DROP TRIGGER case_admitted_only_when_checked ON privacy_case;
DROP FUNCTION privacy_admitted_only_when_checked();
DROP TRIGGER privacy_check_stands ON privacy_privacycheck;
DROP FUNCTION privacy_check_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [migrations.RunSQL(LAWS, REPEAL)]
