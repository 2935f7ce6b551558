-- The letters of a conversation in all folders at once, without looking through each.
CREATE INDEX "message_account_id_thread_id_idx" ON "message"("account_id", "thread_id");
