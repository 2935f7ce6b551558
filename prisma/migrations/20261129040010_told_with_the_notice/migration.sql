-- That a failure of a forward was told is remembered in the transaction that queues the notice (rule_memory), and no longer beside it.
ALTER TABLE "address_target" DROP COLUMN "told_at";
ALTER TABLE "mailbox_forward" DROP COLUMN "told_at";
