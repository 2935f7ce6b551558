-- What somebody writes as, how they want their webmail, and the letters they have given to be sent.
-- Tables of the web; the mail server neither reads nor writes them.

-- A name, a reply-to and a signature for an address of the mailbox. An address without a row is written from as it is.
CREATE TABLE "identity" (
    "id" BIGSERIAL NOT NULL,
    "mailbox_id" BIGINT NOT NULL,
    "address" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "reply_to" TEXT NOT NULL DEFAULT '',
    "signature" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "identity_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "identity_mailbox_id_address_key" ON "identity"("mailbox_id", "address");
ALTER TABLE "identity" ADD CONSTRAINT "identity_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One row for a mailbox whose user has chosen anything; what is null was never chosen.
CREATE TABLE "mailbox_settings" (
    "mailbox_id" BIGINT NOT NULL,
    "time_zone" TEXT,
    "default_from" TEXT,
    "undo_seconds" SMALLINT NOT NULL DEFAULT 10,
    "shortcuts" BOOLEAN NOT NULL DEFAULT true,
    "plain_text" BOOLEAN NOT NULL DEFAULT false,
    "pictures" TEXT NOT NULL DEFAULT 'ask',
    "dark_letters" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "mailbox_settings_pkey" PRIMARY KEY ("mailbox_id")
);
ALTER TABLE "mailbox_settings" ADD CONSTRAINT "mailbox_settings_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "mailbox_settings" ADD CONSTRAINT "mailbox_settings_undo_seconds" CHECK ("undo_seconds" BETWEEN 0 AND 30);
ALTER TABLE "mailbox_settings" ADD CONSTRAINT "mailbox_settings_pictures" CHECK ("pictures" IN ('ask', 'known', 'always'));

-- A letter that was given to be sent: the row is taken before the letter goes to submission, so that the same letter given twice, at once or
-- later, is sent once. The letter as it was written stands here until it has left, so that it can be taken back on any device.
CREATE TABLE "outgoing_letter" (
    "mailbox_id" BIGINT NOT NULL,
    "letter_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempt" TEXT NOT NULL,
    "queue_message" BIGINT,
    "release_at" TIMESTAMPTZ(3) NOT NULL,
    "letter" JSONB,
    "result" JSONB,
    "copy_folder" TEXT,
    "copy_uid" BIGINT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outgoing_letter_pkey" PRIMARY KEY ("mailbox_id", "letter_id")
);
CREATE INDEX "outgoing_letter_state_release_at_idx" ON "outgoing_letter"("state", "release_at");
ALTER TABLE "outgoing_letter" ADD CONSTRAINT "outgoing_letter_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "outgoing_letter" ADD CONSTRAINT "outgoing_letter_state" CHECK ("state" IN ('submitting', 'held', 'sent', 'withdrawn'));
