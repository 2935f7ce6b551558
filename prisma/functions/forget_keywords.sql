-- Removes sets of keywords that no message carries, and keywords of no set. Kept: p_keep, and sets from p_next on, which are about to be used.
-- Ids are never given a second time, so whoever still knows an old one is not misled. The caller holds the account's lock.
CREATE OR REPLACE FUNCTION forget_keywords(p_account bigint, p_keep int[], p_next int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM keyword_set s WHERE s.account_id = p_account AND s.set_id < p_next
    AND s.set_id NOT IN (SELECT unnest(p_keep))
    AND s.set_id NOT IN (SELECT DISTINCT (f.flags >> 5)::int FROM folder_message f WHERE f.account_id = p_account AND f.flags > 31);
  DELETE FROM account_keyword k WHERE k.account_id = p_account
    AND k.keyword_id NOT IN (SELECT unnest(s.keywords) FROM keyword_set s WHERE s.account_id = p_account);
END $$;
