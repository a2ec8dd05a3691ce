"""The triggers that keep sign-offs and the lines of submitted change requests as they are, on any way in."""

__all__ = ('BACKWARD', 'FORWARD')

# Relations may become NULL, since what they name may be deleted; nothing else changes. A dump is restored with an
# empty search_path, and a branch has a schema of its own: the schema is that of the table.
FORWARD = """
CREATE FUNCTION netbox_gwports_unchanged(old jsonb, new jsonb, relations text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT old - relations = new - relations AND NOT EXISTS (
        SELECT 1 FROM pg_catalog.unnest(relations) AS name
        WHERE new -> name <> 'null' AND new -> name <> old -> name
    )
$$;

CREATE FUNCTION netbox_gwports_keep_sign_off() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unchanged boolean := false;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        EXECUTE pg_catalog.format('SELECT %I.netbox_gwports_unchanged($1, $2, $3)', TG_TABLE_SCHEMA)
        INTO unchanged
        USING pg_catalog.to_jsonb(OLD), pg_catalog.to_jsonb(NEW), ARRAY['gateway_id', 'enforcement_point_id', 'user_id'];
    END IF;
    IF NOT unchanged THEN
        RAISE EXCEPTION 'Sign-offs cannot be changed or deleted.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION netbox_gwports_keep_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- Of an insertion there is no old one, of a deletion no new one
    requests bigint[] := ARRAY[OLD.change_request_id, NEW.change_request_id];
    fixed boolean;
    unchanged boolean := false;
BEGIN
    EXECUTE pg_catalog.format(
        'SELECT EXISTS (SELECT 1 FROM %I.netbox_gwports_signoff WHERE change_request_id = ANY ($1))', TG_TABLE_SCHEMA
    ) INTO fixed USING requests;
    IF fixed AND TG_OP = 'UPDATE' THEN
        EXECUTE pg_catalog.format('SELECT %I.netbox_gwports_unchanged($1, $2, $3)', TG_TABLE_SCHEMA)
        INTO unchanged
        USING pg_catalog.to_jsonb(OLD), pg_catalog.to_jsonb(NEW), ARRAY['gateway_id'];
    END IF;
    IF fixed AND NOT unchanged THEN
        RAISE EXCEPTION 'The lines of a submitted change request cannot be changed.'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE TRIGGER netbox_gwports_keep_sign_off BEFORE UPDATE OR DELETE ON netbox_gwports_signoff
FOR EACH ROW EXECUTE FUNCTION netbox_gwports_keep_sign_off();

CREATE TRIGGER netbox_gwports_keep_line BEFORE INSERT OR UPDATE OR DELETE ON netbox_gwports_changeline
FOR EACH ROW EXECUTE FUNCTION netbox_gwports_keep_line();
"""

BACKWARD = """
DROP TRIGGER netbox_gwports_keep_line ON netbox_gwports_changeline;
DROP TRIGGER netbox_gwports_keep_sign_off ON netbox_gwports_signoff;
DROP FUNCTION netbox_gwports_keep_line();
DROP FUNCTION netbox_gwports_keep_sign_off();
DROP FUNCTION netbox_gwports_unchanged(jsonb, jsonb, text[]);
"""
