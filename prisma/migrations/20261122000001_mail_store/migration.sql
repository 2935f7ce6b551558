-- The writing half of the mail store. Every function below follows one rule, on which the correctness of every client's
-- synchronisation rests:
--
--   1. update account_counter first; its row lock is held to commit,
--   2. then folder_counter rows in the order of their ids,
--   3. then the inserts, last the row of the change log.
--
-- So UIDs and MODSEQs become visible in their order, and nobody ever sees UID 11 before UID 10.
-- UID ranges are gone through one by one, and joins are written so that the planner cannot turn them round (LATERAL … OFFSET 0,
-- sub-selects by key): for an account that is newer than the statistics it would read the whole account for one message.
--
-- Errors: PA001 unknown account, PA002 over quota, PA003 unknown folder, PA004 folder exists, PA005 not allowed for this folder,
-- PA006 folder has children, PA007 already delivered, PA008 no keyword bit left.

-- STORE is a HOT update only while a page has room for the new version (50: 99 % of 60,000 updates; 80: 60 %).
ALTER TABLE account_counter SET (fillfactor = 50);
ALTER TABLE folder_counter SET (fillfactor = 50);
ALTER TABLE folder_message SET (fillfactor = 50);
-- content is compressed before it comes, and parts of it are read by substring(); the header is read whole.
ALTER TABLE message ALTER content SET STORAGE EXTERNAL, ALTER header SET STORAGE MAIN;

CREATE TABLE change_default PARTITION OF change DEFAULT;

-- Partitions of the change log for this month and the next ones. Called at start and daily by housekeeping.
CREATE FUNCTION ensure_change_partitions(p_months int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_from date; v_name text; v_made int := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(7253101);
  FOR i IN 0..p_months LOOP
    v_from := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => i))::date;
    v_name := 'change_' || to_char(v_from, 'YYYY_MM');
    CONTINUE WHEN to_regclass(v_name) IS NOT NULL;
    -- rows that the default partition took in the meantime move into the new one
    EXECUTE format('CREATE TABLE %I (LIKE change INCLUDING DEFAULTS)', v_name);
    EXECUTE format('WITH d AS (DELETE FROM change_default WHERE at >= %L AND at < %L RETURNING *) INSERT INTO %I SELECT * FROM d',
                   v_from::text || ' 00:00+00', (v_from + interval '1 month')::date::text || ' 00:00+00', v_name);
    EXECUTE format('ALTER TABLE change ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   v_name, v_from::text || ' 00:00+00', (v_from + interval '1 month')::date::text || ' 00:00+00');
    v_made := v_made + 1;
  END LOOP;
  RETURN v_made;
END $$;

-- Creates a folder and the parents it lacks (they are real: Outlook loses mail below a \NoSelect parent).
CREATE FUNCTION create_folder(p_account bigint, p_name text, p_special_use text,
  OUT o_folder_id int, OUT o_uidvalidity int, OUT o_modseq bigint) LANGUAGE plpgsql AS $$
DECLARE v_path text := ''; v_piece text; v_id int;
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq INTO o_modseq;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  IF EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND name = p_name) THEN
    RAISE EXCEPTION 'folder exists' USING ERRCODE = 'PA004';
  END IF;
  IF p_special_use IS NOT NULL AND EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND special_use = p_special_use) THEN
    RAISE EXCEPTION 'special use taken' USING ERRCODE = 'PA005';
  END IF;
  FOREACH v_piece IN ARRAY string_to_array(p_name, '/') LOOP
    v_path := CASE WHEN v_path = '' THEN v_piece ELSE v_path || '/' || v_piece END;
    CONTINUE WHEN EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND name = v_path);
    UPDATE account_counter SET next_folder_id = next_folder_id + 1, next_uidvalidity = next_uidvalidity + 1
      WHERE account_id = p_account RETURNING next_folder_id - 1, next_uidvalidity - 1 INTO v_id, o_uidvalidity;
    INSERT INTO folder (account_id, folder_id, name, uidvalidity, special_use)
      VALUES (p_account, v_id, v_path, o_uidvalidity, CASE WHEN v_path = p_name THEN p_special_use END);
    INSERT INTO folder_counter (account_id, folder_id, highestmodseq) VALUES (p_account, v_id, o_modseq);
    INSERT INTO folder_name (account_id, name, uidvalidity) VALUES (p_account, v_path, o_uidvalidity)
      ON CONFLICT (account_id, name) DO UPDATE SET uidvalidity = greatest(folder_name.uidvalidity, excluded.uidvalidity);
    INSERT INTO change (account_id, modseq, folder_id, kind, uids) VALUES (p_account, o_modseq, v_id, 4, '{}');
    o_folder_id := v_id;
  END LOOP;
END $$;

CREATE FUNCTION open_account(p_account bigint, p_quota bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v record;
BEGIN
  -- seconds since November 2023: above whatever an earlier mailbox of this address had, and within 31 bits until 2091
  INSERT INTO account_counter (account_id, next_uidvalidity, quota_bytes)
    VALUES (p_account, (extract(epoch FROM now()) - 1700000000)::int, p_quota) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN; END IF;
  -- INBOX comes first and so is always folder 1
  FOR v IN SELECT * FROM (VALUES ('INBOX', NULL), ('Drafts', '\Drafts'), ('Sent', '\Sent'), ('Archive', '\Archive'), ('Junk', '\Junk'),
                                 ('Trash', '\Trash')) AS t(name, use) LOOP
    PERFORM create_folder(p_account, v.name, v.use);
    INSERT INTO subscription (account_id, name) VALUES (p_account, v.name) ON CONFLICT DO NOTHING;
  END LOOP;
  UPDATE account_counter SET modseq = 1 WHERE account_id = p_account;
  UPDATE folder_counter SET highestmodseq = 1 WHERE account_id = p_account;
  DELETE FROM change WHERE account_id = p_account;
END $$;

-- One message into one folder (null: INBOX), one transaction, one fsync.
CREATE FUNCTION append_message(p_account bigint, p_folder int, p_key bytea, p_flags bigint, p_received timestamptz, p_size int,
  p_header bytea, p_envelope bytea, p_body bytea, p_bodystructure bytea, p_parts bytea, p_preview text, p_content bytea, p_codec smallint,
  p_sent_at timestamptz, p_subject text, p_base_subject text, p_sender text, p_recipient text, p_copied text, p_text text,
  p_body_start int, p_references bigint[],
  OUT o_modseq bigint, OUT o_message_id bigint, OUT o_thread_id bigint, OUT o_folder_id int, OUT o_uid int, OUT o_uidvalidity int)
LANGUAGE plpgsql AS $$
DECLARE v_quota bigint; v_used bigint;
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
  INSERT INTO message (account_id, message_id, thread_id, received, size, header, envelope, body, bodystructure, parts, preview, content, codec)
    VALUES (p_account, o_message_id, o_thread_id, coalesce(p_received, now()), p_size, p_header, p_envelope, p_body, p_bodystructure, p_parts,
            p_preview, p_content, p_codec);
  INSERT INTO message_text (account_id, message_id, sent_at, subject, base_subject, sender, recipient, copied, text, body_start)
    VALUES (p_account, o_message_id, p_sent_at, p_subject, p_base_subject, p_sender, p_recipient, p_copied, p_text, p_body_start);
  INSERT INTO folder_message (account_id, folder_id, uid, message_id, modseq, flags)
    VALUES (p_account, o_folder_id, o_uid, o_message_id, o_modseq, p_flags);
  INSERT INTO change (account_id, modseq, folder_id, kind, uids)
    VALUES (p_account, o_modseq, o_folder_id, 1, int4multirange(int4range(o_uid, o_uid + 1)));
END $$;

-- STORE: new flags are (flags | p_set) & ~p_clear. Only rows that really change get the new modseq; with p_unchangedsince those
-- changed later are left alone and returned in o_modified (RFC 7162).
CREATE FUNCTION store_flags(p_account bigint, p_folder int, p_lo int[], p_hi int[], p_set bigint, p_clear bigint, p_unchangedsince bigint,
  OUT o_modseq bigint, OUT o_changed text, OUT o_modified text) LANGUAGE plpgsql AS $$
DECLARE v_count int := 0; v_unseen int := 0; v_deleted int := 0; v_uids int4multirange := '{}';
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq INTO o_modseq;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  PERFORM 1 FROM folder_counter WHERE account_id = p_account AND folder_id = p_folder FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003'; END IF;
  IF p_unchangedsince IS NOT NULL THEN
    SELECT range_agg(int4range(f.uid, f.uid + 1))::text INTO o_modified
      FROM unnest(p_lo, p_hi) r(lo, hi),
           LATERAL (SELECT uid, modseq FROM folder_message
                    WHERE account_id = p_account AND folder_id = p_folder AND uid BETWEEN r.lo AND r.hi OFFSET 0) f
      WHERE f.modseq > p_unchangedsince;
  END IF;
  FOR i IN 1..cardinality(p_lo) LOOP
    WITH changed AS (
      UPDATE folder_message SET flags = (flags | p_set) & ~p_clear, modseq = o_modseq
        WHERE account_id = p_account AND folder_id = p_folder AND uid BETWEEN p_lo[i] AND p_hi[i]
          AND (flags | p_set) & ~p_clear <> flags AND (p_unchangedsince IS NULL OR modseq <= p_unchangedsince)
        RETURNING old.flags AS o, new.flags AS n, new.uid)
    SELECT v_count + count(*), v_unseen + coalesce(sum((o & 1) - (n & 1)), 0),
           v_deleted + coalesce(sum(((n >> 3) & 1) - ((o >> 3) & 1)), 0),
           v_uids + coalesce(range_agg(int4range(uid, uid + 1)), '{}') INTO v_count, v_unseen, v_deleted, v_uids FROM changed;
  END LOOP;
  IF v_count = 0 THEN RETURN; END IF;
  o_changed := v_uids::text;
  UPDATE folder_counter SET unseen = unseen + v_unseen, deleted = deleted + v_deleted, highestmodseq = o_modseq
    WHERE account_id = p_account AND folder_id = p_folder;
  INSERT INTO change (account_id, modseq, folder_id, kind, uids) VALUES (p_account, o_modseq, p_folder, 2, v_uids);
END $$;

-- COPY and MOVE of UID ranges. o_source[i] became o_target[i].
CREATE FUNCTION copy_messages(p_account bigint, p_from int, p_to int, p_lo int[], p_hi int[], p_move boolean,
  OUT o_modseq bigint, OUT o_uidvalidity int, OUT o_source int[], OUT o_target int[]) LANGUAGE plpgsql AS $$
DECLARE v_base int; v_n int; v_unseen int; v_deleted int; v_bytes bigint; v_used bigint; v_quota bigint;
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq, used_bytes, quota_bytes
    INTO o_modseq, v_used, v_quota;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  PERFORM 1 FROM folder_counter WHERE account_id = p_account AND folder_id IN (p_from, p_to) ORDER BY folder_id FOR UPDATE;
  SELECT uidvalidity INTO o_uidvalidity FROM folder WHERE account_id = p_account AND folder_id = p_to;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003'; END IF;
  SELECT count(*), count(*) FILTER (WHERE f.flags & 1 = 0), count(*) FILTER (WHERE f.flags & 8 <> 0),
         coalesce(sum((SELECT m.size FROM message m WHERE m.account_id = p_account AND m.message_id = f.message_id)), 0),
         coalesce(array_agg(f.uid ORDER BY f.uid), '{}')
    INTO v_n, v_unseen, v_deleted, v_bytes, o_source
    FROM unnest(p_lo, p_hi) r(lo, hi),
         LATERAL (SELECT uid, flags, message_id FROM folder_message
                  WHERE account_id = p_account AND folder_id = p_from AND uid BETWEEN r.lo AND r.hi OFFSET 0) f;
  o_target := '{}';
  IF v_n = 0 THEN RETURN; END IF;
  IF NOT p_move AND v_used + v_bytes > v_quota THEN RAISE EXCEPTION 'over quota' USING ERRCODE = 'PA002'; END IF;
  UPDATE folder_counter SET uidnext = uidnext + v_n, messages = messages + v_n, unseen = unseen + v_unseen, deleted = deleted + v_deleted,
      bytes = bytes + v_bytes, highestmodseq = o_modseq
    WHERE account_id = p_account AND folder_id = p_to RETURNING uidnext - v_n INTO v_base;
  INSERT INTO folder_message (account_id, folder_id, uid, message_id, modseq, flags)
    SELECT p_account, p_to, v_base + s.ord::int - 1, f.message_id, o_modseq, f.flags
      FROM unnest(o_source) WITH ORDINALITY s(uid, ord),
           LATERAL (SELECT message_id, flags FROM folder_message
                    WHERE account_id = p_account AND folder_id = p_from AND uid = s.uid OFFSET 0) f;
  SELECT array_agg(v_base + i - 1 ORDER BY i) INTO o_target FROM generate_series(1, v_n) i;
  INSERT INTO change (account_id, modseq, folder_id, kind, uids)
    VALUES (p_account, o_modseq, p_to, 1, int4multirange(int4range(v_base, v_base + v_n)));
  IF p_move THEN
    -- what was just put into the same folder has higher UIDs
    FOR i IN 1..cardinality(p_lo) LOOP
      DELETE FROM folder_message
        WHERE account_id = p_account AND folder_id = p_from AND uid BETWEEN p_lo[i] AND least(p_hi[i], o_source[v_n]);
    END LOOP;
    UPDATE folder_counter SET messages = messages - v_n, unseen = unseen - v_unseen, deleted = deleted - v_deleted, bytes = bytes - v_bytes,
        highestmodseq = o_modseq
      WHERE account_id = p_account AND folder_id = p_from;
    INSERT INTO change (account_id, modseq, folder_id, kind, uids)
      SELECT p_account, o_modseq, p_from, 3, range_agg(int4range(u, u + 1)) FROM unnest(o_source) u;
  ELSE
    UPDATE account_counter SET used_bytes = used_bytes + v_bytes, used_messages = used_messages + v_n WHERE account_id = p_account;
  END IF;
END $$;

-- Removes entries of a folder: those in the ranges that are \Deleted, or with p_any all in the ranges (POP3 QUIT).
CREATE FUNCTION expunge_messages(p_account bigint, p_folder int, p_lo int[], p_hi int[], p_any boolean,
  OUT o_modseq bigint, OUT o_vanished text) LANGUAGE plpgsql AS $$
DECLARE v_n int := 0; v_unseen int := 0; v_deleted int := 0; v_bytes bigint := 0; v_uids int4multirange := '{}';
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq INTO o_modseq;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  PERFORM 1 FROM folder_counter WHERE account_id = p_account AND folder_id = p_folder FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003'; END IF;
  FOR i IN 1..cardinality(p_lo) LOOP
    WITH gone AS (
      DELETE FROM folder_message
        WHERE account_id = p_account AND folder_id = p_folder AND uid BETWEEN p_lo[i] AND p_hi[i] AND (p_any OR flags & 8 <> 0)
        RETURNING uid, flags, message_id),
    noted AS (
      INSERT INTO sweep_candidate (account_id, message_id) SELECT DISTINCT p_account, message_id FROM gone
        ON CONFLICT (account_id, message_id) DO UPDATE SET at = now())
    SELECT v_n + count(*), v_unseen + count(*) FILTER (WHERE g.flags & 1 = 0), v_deleted + count(*) FILTER (WHERE g.flags & 8 <> 0),
           v_bytes + coalesce(sum((SELECT m.size FROM message m WHERE m.account_id = p_account AND m.message_id = g.message_id)), 0),
           v_uids + coalesce(range_agg(int4range(g.uid, g.uid + 1)), '{}')
      INTO v_n, v_unseen, v_deleted, v_bytes, v_uids FROM gone g;
  END LOOP;
  IF v_n = 0 THEN RETURN; END IF;
  o_vanished := v_uids::text;
  UPDATE folder_counter SET messages = messages - v_n, unseen = unseen - v_unseen, deleted = deleted - v_deleted, bytes = bytes - v_bytes,
      highestmodseq = o_modseq
    WHERE account_id = p_account AND folder_id = p_folder;
  UPDATE account_counter SET used_messages = used_messages - v_n, used_bytes = used_bytes - v_bytes WHERE account_id = p_account;
  INSERT INTO change (account_id, modseq, folder_id, kind, uids) VALUES (p_account, o_modseq, p_folder, 3, v_uids);
END $$;

CREATE FUNCTION delete_folder(p_account bigint, p_name text, OUT o_modseq bigint) LANGUAGE plpgsql AS $$
DECLARE v_id int;
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq INTO o_modseq;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  IF p_name = 'INBOX' THEN RAISE EXCEPTION 'INBOX stays' USING ERRCODE = 'PA005'; END IF;
  SELECT folder_id INTO v_id FROM folder WHERE account_id = p_account AND name = p_name;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003'; END IF;
  IF EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND starts_with(name, p_name || '/')) THEN
    RAISE EXCEPTION 'folder has children' USING ERRCODE = 'PA006';
  END IF;
  PERFORM expunge_messages(p_account, v_id, '{1}', '{2147483647}', true);
  DELETE FROM folder_counter WHERE account_id = p_account AND folder_id = v_id;
  DELETE FROM folder WHERE account_id = p_account AND folder_id = v_id;
  INSERT INTO change (account_id, modseq, folder_id, kind, uids) VALUES (p_account, o_modseq, v_id, 4, '{}');
END $$;

-- Children move with their parent. INBOX stays where it is: its messages move into the new folder (RFC 9051 section 6.3.6).
CREATE FUNCTION rename_folder(p_account bigint, p_from text, p_to text, OUT o_modseq bigint) LANGUAGE plpgsql AS $$
DECLARE v record; v_name text; v_parent text; v_known int; v_id int;
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq INTO o_modseq;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  IF NOT EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND name = p_from) THEN
    RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003';
  END IF;
  IF EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND name = p_to) THEN RAISE EXCEPTION 'folder exists' USING ERRCODE = 'PA004'; END IF;
  IF p_from = 'INBOX' THEN
    SELECT c.o_folder_id INTO v_id FROM create_folder(p_account, p_to, NULL) c;
    PERFORM copy_messages(p_account, 1, v_id, '{1}', '{2147483647}', true);
    RETURN;
  END IF;
  IF starts_with(p_to, p_from || '/') THEN RAISE EXCEPTION 'folder below itself' USING ERRCODE = 'PA005'; END IF;
  v_parent := regexp_replace(p_to, '/?[^/]*$', '');
  IF v_parent <> '' AND NOT EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND name = v_parent) THEN
    PERFORM create_folder(p_account, v_parent, NULL);
  END IF;
  FOR v IN SELECT folder_id, name, uidvalidity FROM folder
           WHERE account_id = p_account AND (name = p_from OR starts_with(name, p_from || '/')) ORDER BY folder_id LOOP
    v_name := p_to || substr(v.name, length(p_from) + 1);
    SELECT uidvalidity INTO v_known FROM folder_name WHERE account_id = p_account AND name = v_name;
    IF v_known >= v.uidvalidity THEN
      UPDATE account_counter SET next_uidvalidity = next_uidvalidity + 1 WHERE account_id = p_account
        RETURNING next_uidvalidity - 1 INTO v.uidvalidity;
    END IF;
    UPDATE folder SET name = v_name, uidvalidity = v.uidvalidity WHERE account_id = p_account AND folder_id = v.folder_id;
    INSERT INTO folder_name (account_id, name, uidvalidity) VALUES (p_account, v_name, v.uidvalidity)
      ON CONFLICT (account_id, name) DO UPDATE SET uidvalidity = excluded.uidvalidity;
    UPDATE subscription SET name = v_name WHERE account_id = p_account AND name = v.name
      AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.account_id = p_account AND s.name = v_name);
    INSERT INTO change (account_id, modseq, folder_id, kind, uids) VALUES (p_account, o_modseq, v.folder_id, 4, '{}') ON CONFLICT DO NOTHING;
  END LOOP;
END $$;

-- What happened to a folder after p_since, in one snapshot: rows changed or added (28 bytes each: uid, flags, modseq, message id,
-- big-endian), and the UIDs that vanished.
CREATE FUNCTION folder_changes(p_account bigint, p_folder int, p_since bigint,
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

-- \Recent: a session claims the UIDs [o_from, o_until) that no session was told of; each is claimed once (RFC 3501 section 2.3.2).
CREATE FUNCTION claim_recent(p_account bigint, p_folder int, OUT o_from int, OUT o_until int) RETURNS SETOF record LANGUAGE sql AS $$
  UPDATE folder_counter SET recent_uid = uidnext WHERE account_id = p_account AND folder_id = p_folder AND recent_uid < uidnext
    RETURNING old.recent_uid, new.recent_uid;
$$;

-- Bit of a keyword, made if need be.
CREATE FUNCTION keyword_bit(p_account bigint, p_name text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_bit int;
BEGIN
  PERFORM 1 FROM account_counter WHERE account_id = p_account FOR UPDATE;
  SELECT bit INTO v_bit FROM account_keyword WHERE account_id = p_account AND lower(name) = lower(p_name);
  IF FOUND THEN RETURN v_bit; END IF;
  SELECT coalesce(max(bit), 4) + 1 INTO v_bit FROM account_keyword WHERE account_id = p_account;
  IF v_bit > 62 THEN RAISE EXCEPTION 'no keyword bit left' USING ERRCODE = 'PA008'; END IF;
  INSERT INTO account_keyword (account_id, bit, name) VALUES (p_account, v_bit, p_name);
  RETURN v_bit;
END $$;

-- Deletes messages of an account that no folder holds any more. The account's lock keeps COPY out meanwhile.
CREATE FUNCTION sweep_account(p_account bigint, p_before timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_n int;
BEGIN
  PERFORM 1 FROM account_counter WHERE account_id = p_account FOR UPDATE;
  WITH candidate AS (DELETE FROM sweep_candidate WHERE account_id = p_account AND at < p_before RETURNING message_id),
       orphan AS (SELECT message_id FROM candidate c WHERE NOT EXISTS
                   (SELECT 1 FROM folder_message f WHERE f.account_id = p_account AND f.message_id = c.message_id)),
       texts AS (DELETE FROM message_text WHERE account_id = p_account AND message_id IN (SELECT message_id FROM orphan)),
       gone AS (DELETE FROM message WHERE account_id = p_account AND message_id IN (SELECT message_id FROM orphan) RETURNING 1)
  SELECT count(*) INTO v_n FROM gone;
  RETURN v_n;
END $$;

CREATE FUNCTION close_account(p_account bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM account_counter WHERE account_id = p_account FOR UPDATE;
  DELETE FROM folder_message WHERE account_id = p_account;
  DELETE FROM message_text WHERE account_id = p_account;
  DELETE FROM message WHERE account_id = p_account;
  DELETE FROM change WHERE account_id = p_account;
  DELETE FROM thread_reference WHERE account_id = p_account;
  DELETE FROM delivery_key WHERE account_id = p_account;
  DELETE FROM sweep_candidate WHERE account_id = p_account;
  DELETE FROM folder_counter WHERE account_id = p_account;
  DELETE FROM folder WHERE account_id = p_account;
  DELETE FROM folder_name WHERE account_id = p_account;
  DELETE FROM subscription WHERE account_id = p_account;
  DELETE FROM account_keyword WHERE account_id = p_account;
  DELETE FROM account_counter WHERE account_id = p_account;
END $$;

-- A mailbox opens, resizes and closes its account of the mail store in its own transaction.
CREATE FUNCTION mailbox_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN PERFORM open_account(NEW.id, NEW.quota_bytes);
  ELSIF TG_OP = 'UPDATE' THEN UPDATE account_counter SET quota_bytes = NEW.quota_bytes WHERE account_id = NEW.id;
  ELSE PERFORM close_account(OLD.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER mailbox_opens_account AFTER INSERT ON mailbox FOR EACH ROW EXECUTE FUNCTION mailbox_account();
CREATE TRIGGER mailbox_resizes_account AFTER UPDATE OF quota_bytes ON mailbox FOR EACH ROW EXECUTE FUNCTION mailbox_account();
CREATE TRIGGER mailbox_closes_account AFTER DELETE ON mailbox FOR EACH ROW EXECUTE FUNCTION mailbox_account();
