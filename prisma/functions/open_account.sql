CREATE OR REPLACE FUNCTION open_account(p_account bigint, p_quota bigint) RETURNS void LANGUAGE plpgsql AS $$
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
