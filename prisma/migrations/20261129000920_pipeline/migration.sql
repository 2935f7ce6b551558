-- What was answered, and what `duplicate` has seen: a mailbox answers the same person once in so many days.
CREATE TABLE "rule_memory" (
    "account_id" BIGINT NOT NULL,
    "key" BYTEA NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rule_memory_pkey" PRIMARY KEY ("account_id", "key")
);
CREATE INDEX "rule_memory_until_idx" ON "rule_memory"("until");

-- Who passes a letter on that waits in the queue: "forward:12", "address:7", "rules:5"; a failure is told to whoever set that.
ALTER TABLE "queue_message" ADD COLUMN "passed_on_by" TEXT;

-- Mailboxes that have the letter already, by their own address in the same transaction: what leads to them too brings no second copy.
ALTER TABLE "queue_message" ADD COLUMN "delivered_to" BIGINT[] NOT NULL DEFAULT '{}';
