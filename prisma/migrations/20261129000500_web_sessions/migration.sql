-- Sign-ins of the web are rows: a request asks for its row, and whoever deletes it has ended the sign-in, in every process.

-- CreateTable
CREATE TABLE "web_session" (
    "id" BIGSERIAL NOT NULL,
    "hash" BYTEA NOT NULL,
    "user_id" BIGINT,
    "mailbox_id" BIGINT,
    "credential_version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "proved_at" TIMESTAMPTZ(3),
    "program" TEXT NOT NULL,
    "network" TEXT NOT NULL,

    CONSTRAINT "web_session_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "web_session_hash_key" ON "web_session"("hash");

-- CreateIndex
CREATE INDEX "web_session_user_id_idx" ON "web_session"("user_id");

-- CreateIndex
CREATE INDEX "web_session_mailbox_id_idx" ON "web_session"("mailbox_id");

-- CreateIndex
CREATE INDEX "web_session_expires_at_idx" ON "web_session"("expires_at");

-- AddForeignKey
ALTER TABLE "web_session" ADD CONSTRAINT "web_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "web_session" ADD CONSTRAINT "web_session_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What ends sign-ins stands here and not in the operations, so that none of them, nor a hand on the database, can forget it: a change of
-- password, state or role makes the credentials another version and deletes every session of the person, whichever of the two
-- identities it was begun with. The mail server ends its own sessions by the version.
