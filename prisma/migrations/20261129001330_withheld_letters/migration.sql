-- Letters that wait for somebody's word: in a customer's quarantine, or for a moderator of a group.
CREATE TYPE "group_moderation" AS ENUM ('off', 'others', 'everybody');
CREATE TYPE "withheld_cause" AS ENUM ('virus', 'program', 'not_allowed', 'moderated');

ALTER TABLE "customer" ADD COLUMN "quarantines_viruses" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "customer" ADD COLUMN "quarantines_programs" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "customer" ADD COLUMN "quarantine_told_at" TIMESTAMPTZ(3);

ALTER TABLE "mail_group" ADD COLUMN "moderation" "group_moderation" NOT NULL DEFAULT 'off';

CREATE TABLE "group_moderator" (
    "address_id" BIGINT NOT NULL,
    "mailbox_id" BIGINT NOT NULL,

    CONSTRAINT "group_moderator_pkey" PRIMARY KEY ("address_id","mailbox_id")
);
CREATE INDEX "group_moderator_mailbox_id_idx" ON "group_moderator"("mailbox_id");
ALTER TABLE "group_moderator" ADD CONSTRAINT "group_moderator_address_id_fkey"
  FOREIGN KEY ("address_id") REFERENCES "mail_group"("address_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "group_moderator" ADD CONSTRAINT "group_moderator_mailbox_id_fkey"
  FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "withheld_letter" (
    "id" BIGSERIAL NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "group_id" BIGINT,
    "mailbox_id" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "cause" "withheld_cause" NOT NULL,
    "detail" TEXT NOT NULL DEFAULT '',
    "suspicious" BOOLEAN NOT NULL DEFAULT false,
    "told" BOOLEAN NOT NULL DEFAULT false,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "shown_author" TEXT NOT NULL,
    "preview" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "locale" TEXT NOT NULL DEFAULT 'de',
    "content" BYTEA NOT NULL,
    "size" INTEGER NOT NULL,
    "smtputf8" BOOLEAN NOT NULL DEFAULT false,
    "require_tls" BOOLEAN NOT NULL DEFAULT false,
    "reports" BOOLEAN NOT NULL DEFAULT false,
    "delivered_to" BIGINT[] NOT NULL DEFAULT ARRAY[]::BIGINT[],
    "origin" TEXT NOT NULL DEFAULT 'unknown',
    "author" TEXT,
    "judgement" JSONB,

    CONSTRAINT "withheld_letter_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "withheld_letter_customer_id_created_at_idx" ON "withheld_letter"("customer_id", "created_at");
CREATE INDEX "withheld_letter_group_id_created_at_idx" ON "withheld_letter"("group_id", "created_at");
CREATE INDEX "withheld_letter_mailbox_id_idx" ON "withheld_letter"("mailbox_id");
CREATE INDEX "withheld_letter_expires_at_idx" ON "withheld_letter"("expires_at");
ALTER TABLE "withheld_letter" ADD CONSTRAINT "withheld_letter_customer_id_fkey"
  FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "withheld_letter" ADD CONSTRAINT "withheld_letter_group_id_fkey"
  FOREIGN KEY ("group_id") REFERENCES "mail_group"("address_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "withheld_letter" ADD CONSTRAINT "withheld_letter_mailbox_id_fkey"
  FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;
