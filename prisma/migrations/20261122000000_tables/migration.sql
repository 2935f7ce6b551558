-- CreateEnum
CREATE TYPE "customer_status" AS ENUM ('active', 'suspended');

-- CreateEnum
CREATE TYPE "user_role" AS ENUM ('operator', 'owner', 'administrator');

-- CreateEnum
CREATE TYPE "mailbox_status" AS ENUM ('active', 'suspended', 'deleted');

-- CreateEnum
CREATE TYPE "queue_state" AS ENUM ('queued', 'delivered', 'failed');

-- CreateTable
CREATE TABLE "customer" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "status" "customer_status" NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "id" BIGSERIAL NOT NULL,
    "customer_id" BIGINT,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" "user_role" NOT NULL,
    "locale" TEXT NOT NULL DEFAULT 'de',
    "password_hash" TEXT,
    "mailbox_id" BIGINT,
    "credential_version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_login_at" TIMESTAMPTZ(3),

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "domain" (
    "id" BIGSERIAL NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "verification_token" TEXT NOT NULL,
    "verified_at" TIMESTAMPTZ(3),
    "dkim_selector" TEXT NOT NULL,
    "dkim_private_key" TEXT NOT NULL,
    "dkim_public_key" TEXT NOT NULL,
    "dns_report" JSONB,
    "dns_checked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "domain_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mailbox" (
    "id" BIGSERIAL NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "domain_id" BIGINT NOT NULL,
    "local_part" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "password_hash" TEXT NOT NULL,
    "credential_version" INTEGER NOT NULL DEFAULT 1,
    "quota_bytes" BIGINT NOT NULL,
    "status" "mailbox_status" NOT NULL DEFAULT 'active',
    "locale" TEXT NOT NULL DEFAULT 'de',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_login_at" TIMESTAMPTZ(3),
    "purge_after" TIMESTAMPTZ(3),

    CONSTRAINT "mailbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "address" (
    "id" BIGSERIAL NOT NULL,
    "domain_id" BIGINT NOT NULL,
    "address" TEXT NOT NULL,
    "mailbox_id" BIGINT NOT NULL,
    "is_primary" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "address_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_password" (
    "id" BIGSERIAL NOT NULL,
    "mailbox_id" BIGINT NOT NULL,
    "label" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "last_protocol" TEXT,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "app_password_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "customer_id" BIGINT,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',
    "remote" TEXT,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "login_throttle" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "blocked_until" TIMESTAMPTZ(3),

    CONSTRAINT "login_throttle_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "account_counter" (
    "account_id" BIGINT NOT NULL,
    "modseq" BIGINT NOT NULL DEFAULT 1,
    "next_message_id" BIGINT NOT NULL DEFAULT 1,
    "next_folder_id" INTEGER NOT NULL DEFAULT 1,
    "next_uidvalidity" INTEGER NOT NULL,
    "used_bytes" BIGINT NOT NULL DEFAULT 0,
    "used_messages" BIGINT NOT NULL DEFAULT 0,
    "quota_bytes" BIGINT NOT NULL,

    CONSTRAINT "account_counter_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "account_keyword" (
    "account_id" BIGINT NOT NULL,
    "bit" INTEGER NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "account_keyword_pkey" PRIMARY KEY ("account_id","bit")
);

-- CreateTable
CREATE TABLE "folder" (
    "account_id" BIGINT NOT NULL,
    "folder_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "uidvalidity" INTEGER NOT NULL,
    "special_use" TEXT,

    CONSTRAINT "folder_pkey" PRIMARY KEY ("account_id","folder_id")
);

-- CreateTable
CREATE TABLE "folder_name" (
    "account_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "uidvalidity" INTEGER NOT NULL,

    CONSTRAINT "folder_name_pkey" PRIMARY KEY ("account_id","name")
);

-- CreateTable
CREATE TABLE "subscription" (
    "account_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("account_id","name")
);

-- CreateTable
CREATE TABLE "folder_counter" (
    "account_id" BIGINT NOT NULL,
    "folder_id" INTEGER NOT NULL,
    "uidnext" INTEGER NOT NULL DEFAULT 1,
    "recent_uid" INTEGER NOT NULL DEFAULT 1,
    "messages" INTEGER NOT NULL DEFAULT 0,
    "unseen" INTEGER NOT NULL DEFAULT 0,
    "deleted" INTEGER NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "highestmodseq" BIGINT NOT NULL DEFAULT 1,

    CONSTRAINT "folder_counter_pkey" PRIMARY KEY ("account_id","folder_id")
);

-- CreateTable
CREATE TABLE "message" (
    "account_id" BIGINT NOT NULL,
    "message_id" BIGINT NOT NULL,
    "thread_id" BIGINT NOT NULL,
    "received" TIMESTAMPTZ(3) NOT NULL,
    "size" INTEGER NOT NULL,
    "header" BYTEA NOT NULL,
    "envelope" BYTEA NOT NULL,
    "body" BYTEA NOT NULL,
    "bodystructure" BYTEA NOT NULL,
    "parts" BYTEA NOT NULL,
    "preview" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "codec" SMALLINT NOT NULL,

    CONSTRAINT "message_pkey" PRIMARY KEY ("account_id","message_id")
);

-- CreateTable
CREATE TABLE "message_text" (
    "account_id" BIGINT NOT NULL,
    "message_id" BIGINT NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "subject" TEXT NOT NULL,
    "base_subject" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "copied" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "body_start" INTEGER NOT NULL,

    CONSTRAINT "message_text_pkey" PRIMARY KEY ("account_id","message_id")
);

-- CreateTable
CREATE TABLE "folder_message" (
    "account_id" BIGINT NOT NULL,
    "folder_id" INTEGER NOT NULL,
    "uid" INTEGER NOT NULL,
    "message_id" BIGINT NOT NULL,
    "modseq" BIGINT NOT NULL,
    "flags" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "folder_message_pkey" PRIMARY KEY ("account_id","folder_id","uid")
);

-- CreateTable
CREATE TABLE "change" (
    "account_id" BIGINT NOT NULL,
    "modseq" BIGINT NOT NULL,
    "folder_id" INTEGER NOT NULL,
    "kind" SMALLINT NOT NULL,
    "uids" int4multirange NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "change_pkey" PRIMARY KEY ("account_id","modseq","folder_id","kind","at")
) PARTITION BY RANGE ("at");

-- CreateTable
CREATE TABLE "thread_reference" (
    "account_id" BIGINT NOT NULL,
    "reference" BIGINT NOT NULL,
    "thread_id" BIGINT NOT NULL,

    CONSTRAINT "thread_reference_pkey" PRIMARY KEY ("account_id","reference")
);

-- CreateTable
CREATE TABLE "delivery_key" (
    "account_id" BIGINT NOT NULL,
    "key" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "delivery_key_pkey" PRIMARY KEY ("account_id","key")
);

-- CreateTable
CREATE TABLE "sweep_candidate" (
    "account_id" BIGINT NOT NULL,
    "message_id" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sweep_candidate_pkey" PRIMARY KEY ("account_id","message_id")
);

-- CreateTable
CREATE TABLE "queue_message" (
    "id" BIGSERIAL NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "customer_id" BIGINT,
    "account_id" BIGINT,
    "sender" TEXT NOT NULL,
    "locale" TEXT NOT NULL DEFAULT 'de',
    "content" BYTEA NOT NULL,
    "size" INTEGER NOT NULL,
    "smtputf8" BOOLEAN NOT NULL DEFAULT false,
    "dsn_return" TEXT,
    "dsn_envelope" TEXT,
    "accept_key" BYTEA,

    CONSTRAINT "queue_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "queue_recipient" (
    "id" BIGSERIAL NOT NULL,
    "message_id" BIGINT NOT NULL,
    "address" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "state" "queue_state" NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leased_until" TIMESTAMPTZ(3),
    "leased_by" TEXT,
    "delayed_notice_at" TIMESTAMPTZ(3),
    "last_status" TEXT,
    "last_reply" TEXT,
    "last_remote" TEXT,
    "dsn_notify" TEXT,
    "dsn_original" TEXT,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "queue_recipient_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trace_event" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "customer_id" BIGINT,
    "account_id" BIGINT,
    "queue_id" BIGINT,
    "step" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "message_ref" TEXT,
    "status" TEXT,
    "detail" TEXT,
    "remote" TEXT,

    CONSTRAINT "trace_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "app_user_email_key" ON "app_user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_mailbox_id_key" ON "app_user"("mailbox_id");

-- CreateIndex
CREATE INDEX "app_user_customer_id_idx" ON "app_user"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "domain_name_key" ON "domain"("name");

-- CreateIndex
CREATE INDEX "domain_customer_id_idx" ON "domain"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "mailbox_address_key" ON "mailbox"("address");

-- CreateIndex
CREATE INDEX "mailbox_customer_id_idx" ON "mailbox"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "mailbox_domain_id_local_part_key" ON "mailbox"("domain_id", "local_part");

-- CreateIndex
CREATE UNIQUE INDEX "address_address_key" ON "address"("address");

-- CreateIndex
CREATE INDEX "address_mailbox_id_idx" ON "address"("mailbox_id");

-- CreateIndex
CREATE INDEX "address_domain_id_idx" ON "address"("domain_id");

-- CreateIndex
CREATE UNIQUE INDEX "app_password_mailbox_id_hash_key" ON "app_password"("mailbox_id", "hash");

-- CreateIndex
CREATE INDEX "audit_event_customer_id_at_idx" ON "audit_event"("customer_id", "at");

-- CreateIndex
CREATE INDEX "login_throttle_last_at_idx" ON "login_throttle"("last_at");

-- CreateIndex
CREATE UNIQUE INDEX "folder_account_id_name_key" ON "folder"("account_id", "name");

-- CreateIndex
CREATE INDEX "folder_message_account_id_message_id_idx" ON "folder_message"("account_id", "message_id");

-- CreateIndex
CREATE INDEX "sweep_candidate_at_idx" ON "sweep_candidate"("at");

-- CreateIndex
CREATE UNIQUE INDEX "queue_message_accept_key_key" ON "queue_message"("accept_key");

-- CreateIndex
CREATE INDEX "queue_recipient_message_id_idx" ON "queue_recipient"("message_id");

-- CreateIndex
CREATE INDEX "queue_recipient_state_next_attempt_at_idx" ON "queue_recipient"("state", "next_attempt_at");

-- CreateIndex
CREATE INDEX "trace_event_customer_id_at_idx" ON "trace_event"("customer_id", "at");

-- CreateIndex
CREATE INDEX "trace_event_at_idx" ON "trace_event"("at");

-- AddForeignKey
ALTER TABLE "app_user" ADD CONSTRAINT "app_user_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app_user" ADD CONSTRAINT "app_user_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "domain" ADD CONSTRAINT "domain_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mailbox" ADD CONSTRAINT "mailbox_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mailbox" ADD CONSTRAINT "mailbox_domain_id_fkey" FOREIGN KEY ("domain_id") REFERENCES "domain"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "address" ADD CONSTRAINT "address_domain_id_fkey" FOREIGN KEY ("domain_id") REFERENCES "domain"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "address" ADD CONSTRAINT "address_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app_password" ADD CONSTRAINT "app_password_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue_recipient" ADD CONSTRAINT "queue_recipient_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "queue_message"("id") ON DELETE CASCADE ON UPDATE CASCADE;


