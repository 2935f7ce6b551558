DROP FUNCTION IF EXISTS sweep_account(bigint, timestamptz);
