ALTER TABLE "mailbox" ADD COLUMN "sending_released_at" TIMESTAMPTZ(3);
