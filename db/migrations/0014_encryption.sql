-- The key that new payloads of a namespace are sealed with: the one that is there, or, where there is none or it was made
-- before p_not_before, the one given. Of several processes that ask at once all get the same.
CREATE FUNCTION ensure_data_key(p_namespace int, p_wrapped_by text, p_wrapped bytea, p_now timestamptz, p_not_before timestamptz)
RETURNS SETOF data_keys LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(731058516, p_namespace);
  -- A statement of its own, for only a new snapshot sees what whoever held the lock has written.
  RETURN QUERY SELECT * FROM data_keys
    WHERE namespace_id = p_namespace AND retired_at IS NULL AND created_at >= p_not_before ORDER BY id DESC LIMIT 1;
  IF FOUND THEN RETURN; END IF;
  UPDATE data_keys SET retired_at = p_now WHERE namespace_id = p_namespace AND retired_at IS NULL;
  RETURN QUERY INSERT INTO data_keys (namespace_id, wrapped_by, wrapped, created_at)
    VALUES (p_namespace, p_wrapped_by, p_wrapped, p_now) RETURNING *;
END $$;
