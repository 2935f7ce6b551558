-- Whose mailbox or group a letter of the queue is for, where it was followed to it and not written to its address: should the address be somebody
-- else's by the time it is delivered, it does not reach him.
ALTER TABLE "queue_recipient" ADD COLUMN "within_customer" BIGINT;
