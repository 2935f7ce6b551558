-- What happened to a folder after p_since, in one snapshot: rows changed or added (28 bytes each: uid, flags, modseq, message id,
-- big-endian), and the UIDs that vanished.
CREATE OR REPLACE FUNCTION folder_changes(p_account bigint, p_folder int, p_since bigint,
  OUT o_modseq bigint, OUT o_uidnext int, OUT o_rows bytea, OUT o_vanished text) LANGUAGE plpgsql STABLE AS $$
BEGIN
  SELECT highestmodseq, uidnext INTO o_modseq, o_uidnext FROM folder_counter WHERE account_id = p_account AND folder_id = p_folder;
  SELECT string_agg(int4send(f.uid) || int8send(f.flags) || int8send(f.modseq) || int8send(f.message_id), '' ORDER BY f.uid) INTO o_rows
    FROM (SELECT range_agg(uids) AS uids FROM change
          WHERE account_id = p_account AND modseq > p_since AND folder_id = p_folder AND kind IN (1, 2)) c,
         unnest(c.uids) r,
         LATERAL (SELECT uid, flags, modseq, message_id FROM folder_message
                  WHERE account_id = p_account AND folder_id = p_folder AND uid >= lower(r) AND uid < upper(r) OFFSET 0) f
    WHERE f.modseq > p_since;
  SELECT range_agg(uids)::text INTO o_vanished FROM change
    WHERE account_id = p_account AND modseq > p_since AND folder_id = p_folder AND kind = 3;
END $$;
