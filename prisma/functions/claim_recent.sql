-- \Recent: a session claims the UIDs [o_from, o_until) that no session was told of; each is claimed once (RFC 3501 section 2.3.2).
CREATE OR REPLACE FUNCTION claim_recent(p_account bigint, p_folder int, OUT o_from int, OUT o_until int) RETURNS SETOF record LANGUAGE sql AS $$
  UPDATE folder_counter SET recent_uid = uidnext WHERE account_id = p_account AND folder_id = p_folder AND recent_uid < uidnext
    RETURNING old.recent_uid, new.recent_uid;
$$;
