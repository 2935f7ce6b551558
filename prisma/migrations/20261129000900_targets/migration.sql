-- Addresses lead to targets: a mailbox, forwards, a group, or everything else of a domain (catch-all); a domain may stand for another one.

CREATE TYPE "address_kind" AS ENUM ('mailbox', 'forward', 'group', 'catch_all');
CREATE TYPE "group_posting" AS ENUM ('anyone', 'customer', 'members');
CREATE TYPE "group_reply_to" AS ENUM ('author', 'group');
CREATE TYPE "sender_verdict" AS ENUM ('blocked', 'allowed');

-- whether mailboxes may pass their letters on to addresses outside the customer
ALTER TABLE "customer" ADD COLUMN "forwards_outside" BOOLEAN NOT NULL DEFAULT true;

ALTER TABLE "domain" ADD COLUMN "alias_of" BIGINT;
CREATE INDEX "domain_alias_of_idx" ON "domain"("alias_of");
ALTER TABLE "domain" ADD CONSTRAINT "domain_alias_of_fkey" FOREIGN KEY ("alias_of") REFERENCES "domain"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "domain" ADD CONSTRAINT "domain_is_no_alias_of_itself" CHECK ("alias_of" <> "id");

ALTER TABLE "address" ALTER COLUMN "mailbox_id" DROP NOT NULL;
ALTER TABLE "address" ADD COLUMN "kind" "address_kind" NOT NULL DEFAULT 'mailbox',
                      ADD COLUMN "expires_at" TIMESTAMPTZ(3),
                      ADD COLUMN "note" TEXT NOT NULL DEFAULT '';
ALTER TABLE "address" ADD CONSTRAINT "address_of_a_mailbox_has_one" CHECK (("kind" = 'mailbox') = ("mailbox_id" IS NOT NULL));
ALTER TABLE "address" ADD CONSTRAINT "address_catch_all_has_no_local_part" CHECK (("kind" = 'catch_all') = starts_with("address", '@'));

CREATE TABLE "address_target" (
    "id" BIGSERIAL NOT NULL,
    "address_id" BIGINT NOT NULL,
    "mailbox_id" BIGINT,
    "outside" TEXT,
    "may_post" BOOLEAN NOT NULL DEFAULT true,
    "set_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "failing_since" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" TEXT,
    "told_at" TIMESTAMPTZ(3),

    CONSTRAINT "address_target_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "address_target_is_one" CHECK (("mailbox_id" IS NULL) <> ("outside" IS NULL))
);
CREATE UNIQUE INDEX "address_target_address_id_mailbox_id_key" ON "address_target"("address_id", "mailbox_id");
CREATE UNIQUE INDEX "address_target_address_id_outside_key" ON "address_target"("address_id", "outside");
CREATE INDEX "address_target_mailbox_id_idx" ON "address_target"("mailbox_id");
ALTER TABLE "address_target" ADD CONSTRAINT "address_target_address_id_fkey" FOREIGN KEY ("address_id") REFERENCES "address"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "address_target" ADD CONSTRAINT "address_target_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "mail_group" (
    "address_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "posting" "group_posting" NOT NULL DEFAULT 'customer',
    "reply_to" "group_reply_to" NOT NULL DEFAULT 'author',
    "subject_prefix" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "mail_group_pkey" PRIMARY KEY ("address_id")
);
ALTER TABLE "mail_group" ADD CONSTRAINT "mail_group_address_id_fkey" FOREIGN KEY ("address_id") REFERENCES "address"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A mailbox may send as an address that leads elsewhere: office@, a group.
CREATE TABLE "send_as" (
    "mailbox_id" BIGINT NOT NULL,
    "address_id" BIGINT NOT NULL,
    "on_behalf" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "send_as_pkey" PRIMARY KEY ("mailbox_id", "address_id")
);
CREATE INDEX "send_as_address_id_idx" ON "send_as"("address_id");
ALTER TABLE "send_as" ADD CONSTRAINT "send_as_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "send_as" ADD CONSTRAINT "send_as_address_id_fkey" FOREIGN KEY ("address_id") REFERENCES "address"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the mailbox's user (or an administrator) set: pass on, be absent, block and allow.
CREATE TABLE "mailbox_forward" (
    "id" BIGSERIAL NOT NULL,
    "mailbox_id" BIGINT NOT NULL,
    "target" TEXT NOT NULL,
    "keep" BOOLEAN NOT NULL DEFAULT true,
    "set_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmed_at" TIMESTAMPTZ(3),
    "code_hash" BYTEA,
    "code_until" TIMESTAMPTZ(3),
    "code_tries" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" TEXT,
    "told_at" TIMESTAMPTZ(3),

    CONSTRAINT "mailbox_forward_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "mailbox_forward_mailbox_id_target_key" ON "mailbox_forward"("mailbox_id", "target");
ALTER TABLE "mailbox_forward" ADD CONSTRAINT "mailbox_forward_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "absence" (
    "mailbox_id" BIGINT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT false,
    "starts_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "subject" TEXT NOT NULL DEFAULT '',
    "text" TEXT NOT NULL,
    "only_contacts" BOOLEAN NOT NULL DEFAULT false,
    "every_days" INTEGER NOT NULL DEFAULT 7,
    "set_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "absence_pkey" PRIMARY KEY ("mailbox_id")
);
ALTER TABLE "absence" ADD CONSTRAINT "absence_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "sender_rule" (
    "mailbox_id" BIGINT NOT NULL,
    "sender" TEXT NOT NULL,
    "verdict" "sender_verdict" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sender_rule_pkey" PRIMARY KEY ("mailbox_id", "sender")
);
ALTER TABLE "sender_rule" ADD CONSTRAINT "sender_rule_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is done with a mailbox's letters changes its version: the mail server keeps the rules of a version, and asks for none where it is 0.
ALTER TABLE "mailbox" ADD COLUMN "rules_version" BIGINT NOT NULL DEFAULT 0;
CREATE SEQUENCE "rules_version" AS BIGINT;
