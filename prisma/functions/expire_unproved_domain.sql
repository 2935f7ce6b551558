-- Lets one entry go whose time is over and whose people were told so a while ago. False: there is none.
CREATE OR REPLACE FUNCTION expire_unproved_domain(p_days int, p_told_days int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_domain bigint;
BEGIN
  SELECT id INTO v_domain FROM domain
    WHERE verified_at IS NULL AND displaced_from IS NULL AND unproved_since < now() - make_interval(days => p_days)
      AND expiry_notice_at < now() - make_interval(days => p_told_days)
    ORDER BY unproved_since LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN false; END IF;
  RETURN domain_gives_way(v_domain, 'not confirmed in time');
END $$;
