-- Sieve scripts of a mailbox (RFC 5804). `active` is true or null, never false, so that the unique key allows one active script a mailbox
-- and any number of others.
CREATE TABLE "sieve_script" (
    "account_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "active" BOOLEAN,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sieve_script_pkey" PRIMARY KEY ("account_id","name")
);
ALTER TABLE "sieve_script" ADD CONSTRAINT "sieve_script_active_or_null" CHECK (active);
CREATE UNIQUE INDEX "sieve_script_account_id_active_key" ON "sieve_script"("account_id", "active");

-- they go with the account when a mailbox is purged
ALTER TABLE "sieve_script" ADD CONSTRAINT "sieve_script_account_id_fkey"
  FOREIGN KEY ("account_id") REFERENCES "account_counter"("account_id") ON DELETE CASCADE ON UPDATE CASCADE;
