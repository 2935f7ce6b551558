CREATE TYPE "spam_filter" AS ENUM ('strict', 'normal', 'off');

ALTER TABLE "mailbox" ADD COLUMN "spam_filter" "spam_filter" NOT NULL DEFAULT 'normal';
ALTER TABLE "mailbox" ADD COLUMN "sending_held_at" TIMESTAMPTZ(3);
ALTER TABLE "mailbox" ADD COLUMN "sending_held_reason" TEXT;

CREATE TABLE "mailbox_spam_token" (
    "mailbox_id" BIGINT NOT NULL,
    "token" BIGINT NOT NULL,
    "spam" INTEGER NOT NULL DEFAULT 0,
    "ham" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "mailbox_spam_token_pkey" PRIMARY KEY ("mailbox_id","token")
);
ALTER TABLE "mailbox_spam_token" ADD CONSTRAINT "mailbox_spam_token_mailbox_id_fkey"
  FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "customer_spam_token" (
    "customer_id" BIGINT NOT NULL,
    "token" BIGINT NOT NULL,
    "spam" INTEGER NOT NULL DEFAULT 0,
    "ham" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "customer_spam_token_pkey" PRIMARY KEY ("customer_id","token")
);
ALTER TABLE "customer_spam_token" ADD CONSTRAINT "customer_spam_token_customer_id_fkey"
  FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "spam_lesson" (
    "account_id" BIGINT NOT NULL,
    "message_id" BIGINT NOT NULL,
    "spam" BOOLEAN NOT NULL,
    "learnt" BOOLEAN,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "spam_lesson_pkey" PRIMARY KEY ("account_id","message_id")
);
CREATE INDEX "spam_lesson_at_idx" ON "spam_lesson"("at");
CREATE INDEX "spam_lesson_due_at_idx" ON "spam_lesson"("due_at");
-- they go with the account when a mailbox is purged
ALTER TABLE "spam_lesson" ADD CONSTRAINT "spam_lesson_account_id_fkey"
  FOREIGN KEY ("account_id") REFERENCES "account_counter"("account_id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "correspondent" (
    "mailbox_id" BIGINT NOT NULL,
    "address" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "correspondent_pkey" PRIMARY KEY ("mailbox_id","address")
);
CREATE INDEX "correspondent_mailbox_id_first_at_idx" ON "correspondent"("mailbox_id", "first_at");
ALTER TABLE "correspondent" ADD CONSTRAINT "correspondent_mailbox_id_fkey"
  FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- whom mailboxes wrote to lately is known already
INSERT INTO "correspondent" ("mailbox_id", "address", "first_at", "last_at")
  SELECT t.account_id, lower(t.recipient), min(t.at), max(t.at) FROM trace_event t JOIN mailbox m ON m.id = t.account_id
  WHERE t.step = 'submitted' GROUP BY t.account_id, lower(t.recipient);

CREATE TABLE "known_host" (
    "network" TEXT NOT NULL,
    "letters" INTEGER NOT NULL DEFAULT 1,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "known_host_pkey" PRIMARY KEY ("network")
);
CREATE INDEX "known_host_last_at_idx" ON "known_host"("last_at");

CREATE TABLE "greylist" (
    "key" BYTEA NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "greylist_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "greylist_first_at_idx" ON "greylist"("first_at");
