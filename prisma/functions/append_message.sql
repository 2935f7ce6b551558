-- One message into one folder (null: INBOX), one transaction, one fsync. p_flags: system flags. A letter is never refused for its keywords:
-- those beyond what an account can have are left out.
CREATE OR REPLACE FUNCTION append_message(p_account bigint, p_folder int, p_key bytea, p_flags bigint, p_received timestamptz, p_size int,
  p_header bytea, p_envelope bytea, p_body bytea, p_bodystructure bytea, p_parts bytea, p_preview text, p_content bytea, p_codec smallint,
  p_sent_at timestamptz, p_subject text, p_base_subject text, p_sender text, p_recipient text, p_copied text, p_text text,
  p_body_start int, p_references bigint[], p_keywords text[] DEFAULT NULL,
  p_origin text DEFAULT 'unknown', p_author text DEFAULT NULL, p_judgement jsonb DEFAULT NULL,
  OUT o_modseq bigint, OUT o_message_id bigint, OUT o_thread_id bigint, OUT o_folder_id int, OUT o_uid int, OUT o_uidvalidity int)
LANGUAGE plpgsql AS $$
DECLARE v_quota bigint; v_used bigint; v_flags bigint := p_flags & 31;
BEGIN
  o_folder_id := coalesce(p_folder, 1);
  UPDATE account_counter SET modseq = modseq + 1, next_message_id = next_message_id + 1, used_bytes = used_bytes + p_size,
      used_messages = used_messages + 1
    WHERE account_id = p_account RETURNING modseq, next_message_id - 1, used_bytes, quota_bytes INTO o_modseq, o_message_id, v_used, v_quota;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  IF p_key IS NOT NULL THEN
    INSERT INTO delivery_key (account_id, key) VALUES (p_account, p_key) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RAISE EXCEPTION 'already delivered' USING ERRCODE = 'PA007'; END IF;
  END IF;
  IF v_used > v_quota THEN RAISE EXCEPTION 'over quota' USING ERRCODE = 'PA002'; END IF;
  IF cardinality(p_keywords) > 0 THEN
    v_flags := v_flags | ((change_keyword_sets(p_account, '{0}', keyword_ids(p_account, p_keywords[1:1000], 100000), NULL))[1]::bigint << 5);
  END IF;
  UPDATE folder_counter SET uidnext = uidnext + 1, messages = messages + 1, unseen = unseen + (1 - (p_flags & 1)::int),
      deleted = deleted + ((p_flags >> 3) & 1)::int, bytes = bytes + p_size, highestmodseq = o_modseq
    WHERE account_id = p_account AND folder_id = o_folder_id RETURNING uidnext - 1 INTO o_uid;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003'; END IF;
  SELECT uidvalidity INTO o_uidvalidity FROM folder WHERE account_id = p_account AND folder_id = o_folder_id;
  o_thread_id := (SELECT thread_id FROM thread_reference WHERE account_id = p_account AND reference = ANY (p_references)
                  ORDER BY thread_id LIMIT 1);
  IF o_thread_id IS NULL THEN o_thread_id := o_message_id; END IF;
  INSERT INTO thread_reference (account_id, reference, thread_id) SELECT p_account, r, o_thread_id FROM unnest(p_references) r
    ON CONFLICT DO NOTHING;
  INSERT INTO message (account_id, message_id, thread_id, received, size, header, envelope, body, bodystructure, parts, preview, content, codec,
                       origin, author, judgement)
    VALUES (p_account, o_message_id, o_thread_id, coalesce(p_received, now()), p_size, p_header, p_envelope, p_body, p_bodystructure, p_parts,
            p_preview, p_content, p_codec, p_origin, p_author, p_judgement);
  INSERT INTO message_text (account_id, message_id, sent_at, subject, base_subject, sender, recipient, copied, text, body_start)
    VALUES (p_account, o_message_id, p_sent_at, p_subject, p_base_subject, p_sender, p_recipient, p_copied, p_text, p_body_start);
  INSERT INTO folder_message (account_id, folder_id, uid, message_id, modseq, flags)
    VALUES (p_account, o_folder_id, o_uid, o_message_id, o_modseq, v_flags);
  INSERT INTO change (account_id, modseq, folder_id, kind, uids)
    VALUES (p_account, o_modseq, o_folder_id, 1, int4multirange(int4range(o_uid, o_uid + 1)));
END $$;
