-- A submitted letter may be held until a time that its sender chose (RFC 4865); until a worker takes it, it may be taken back or moved.

-- AlterTable
ALTER TABLE "queue_message" ADD COLUMN     "release_at" TIMESTAMPTZ(3),
ADD COLUMN     "reports" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "queue_recipient" ADD COLUMN     "dot_sent_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "submission_key" (
    "account_id" BIGINT NOT NULL,
    "key" BYTEA NOT NULL,
    "queue_id" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "submission_key_pkey" PRIMARY KEY ("account_id","key")
);

-- CreateIndex
CREATE INDEX "submission_key_queue_id_idx" ON "submission_key"("queue_id");

-- CreateIndex
CREATE INDEX "submission_key_at_idx" ON "submission_key"("at");

-- CreateIndex
CREATE INDEX "queue_message_account_id_release_at_idx" ON "queue_message"("account_id", "release_at");

-- CreateIndex
CREATE INDEX "queue_recipient_state_domain_next_attempt_at_idx" ON "queue_recipient"("state", "domain", "next_attempt_at");

-- who submitted here is known; of other senders in the queue nobody wrote down whether SPF confirmed them
update queue_message set reports = true where account_id is not null;
