-- What a reader has answered to invitations and which state of them came in, and whose pictures are loaded without asking.
-- Tables of the web; the mail server neither reads nor writes them.

-- One row for each event that an opened letter spoke of: by organizer, UID and instance (hashed; anybody may choose long ones).
CREATE TABLE "invitation" (
    "mailbox_id" BIGINT NOT NULL,
    "event" BYTEA NOT NULL,
    "sequence" INTEGER NOT NULL,
    "stamp" TEXT NOT NULL DEFAULT '',
    "cancelled" BOOLEAN NOT NULL DEFAULT false,
    "answer" TEXT,
    "answered_sequence" INTEGER,
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("mailbox_id", "event")
);
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_answer" CHECK ("answer" IN ('ACCEPTED', 'TENTATIVE', 'DECLINED'));

CREATE TABLE "picture_sender" (
    "mailbox_id" BIGINT NOT NULL,
    "address" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "picture_sender_pkey" PRIMARY KEY ("mailbox_id", "address")
);
ALTER TABLE "picture_sender" ADD CONSTRAINT "picture_sender_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;
