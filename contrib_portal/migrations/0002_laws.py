"""Laws that span rows: texts stand once effective, consent is never updated, nothing is submitted without it."""

from django.db import migrations

LAWS = """
CREATE FUNCTION contrib_portal_text_stands() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER consent_text_stands BEFORE UPDATE OR DELETE ON contrib_portal_consentdocument
    FOR EACH ROW EXECUTE FUNCTION contrib_portal_text_stands();

CREATE FUNCTION contrib_portal_consent_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'consent is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consent_stands BEFORE UPDATE OR DELETE ON contrib_portal_consent
    FOR EACH ROW EXECUTE FUNCTION contrib_portal_consent_stands();

CREATE FUNCTION contrib_portal_needs_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'SUBMITTED'
        AND NOT EXISTS (SELECT 1 FROM contrib_portal_consent WHERE contribution_id = NEW.id) THEN
        RAISE EXCEPTION 'a contribution is submitted only with a consent' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submitted_only_with_consent BEFORE INSERT OR UPDATE OF status ON contrib_portal_contribution
    FOR EACH ROW EXECUTE FUNCTION contrib_portal_needs_consent();

CREATE FUNCTION contrib_portal_withdrawn_iff_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    contribution bigint;
    is_withdrawn boolean;
    has_withdrawal boolean;
BEGIN
    IF TG_TABLE_NAME = 'contrib_portal_contribution' THEN contribution := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN contribution := OLD.contribution_id;
    ELSE contribution := NEW.contribution_id;
    END IF;
    SELECT status = 'WITHDRAWN' INTO is_withdrawn FROM contrib_portal_contribution WHERE id = contribution;
    has_withdrawal := EXISTS (SELECT 1 FROM contrib_portal_withdrawal WHERE contribution_id = contribution);
    IF is_withdrawn IS DISTINCT FROM has_withdrawal THEN
        RAISE EXCEPTION 'a contribution is WITHDRAWN exactly where it has a withdrawal' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER contribution_withdrawn_iff_withdrawal
    AFTER INSERT OR UPDATE OF status ON contrib_portal_contribution
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contrib_portal_withdrawn_iff_withdrawal();
CREATE CONSTRAINT TRIGGER withdrawal_iff_contribution_withdrawn
    AFTER INSERT OR DELETE ON contrib_portal_withdrawal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contrib_portal_withdrawn_iff_withdrawal();
"""
REPEAL = """
DROP TRIGGER withdrawal_iff_contribution_withdrawn ON contrib_portal_withdrawal;
DROP TRIGGER contribution_withdrawn_iff_withdrawal ON contrib_portal_contribution;
DROP FUNCTION contrib_portal_withdrawn_iff_withdrawal();
DROP TRIGGER submitted_only_with_consent ON contrib_portal_contribution;
DROP FUNCTION contrib_portal_needs_consent();
DROP TRIGGER consent_stands ON contrib_portal_consent;
DROP FUNCTION contrib_portal_consent_stands();
DROP TRIGGER consent_text_stands ON contrib_portal_consentdocument;
DROP FUNCTION contrib_portal_text_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("contrib_portal", "0001_initial")]
    operations = [migrations.RunSQL(LAWS, REPEAL)]
