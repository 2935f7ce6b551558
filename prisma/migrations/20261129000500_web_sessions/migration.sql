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

CREATE FUNCTION mailbox_ends_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.credential_version = OLD.credential_version AND (NEW.password_hash <> OLD.password_hash OR NEW.status <> OLD.status) THEN
    NEW.credential_version := OLD.credential_version + 1;
  END IF;
  IF NEW.credential_version <> OLD.credential_version THEN
    DELETE FROM web_session WHERE mailbox_id = NEW.id OR user_id IN (SELECT id FROM app_user WHERE mailbox_id = NEW.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mailbox_ends_sessions BEFORE UPDATE OF password_hash, status, credential_version ON mailbox
  FOR EACH ROW EXECUTE FUNCTION mailbox_ends_sessions();

-- A person who is given a mailbox that keeps their password stays signed in, now with the mailbox. Every other change ends sessions.
CREATE FUNCTION person_ends_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_version int;
BEGIN
  IF OLD.mailbox_id IS NULL AND NEW.mailbox_id IS NOT NULL AND NEW.role = OLD.role AND NEW.customer_id IS NOT DISTINCT FROM OLD.customer_id THEN
    SELECT credential_version INTO v_version FROM mailbox WHERE id = NEW.mailbox_id AND password_hash = OLD.password_hash;
    IF FOUND THEN
      UPDATE web_session SET mailbox_id = NEW.mailbox_id, credential_version = v_version
        WHERE user_id = NEW.id AND credential_version = OLD.credential_version;
      RETURN NEW;
    END IF;
  END IF;
  IF NEW.credential_version = OLD.credential_version AND (NEW.password_hash IS DISTINCT FROM OLD.password_hash OR NEW.role <> OLD.role
    OR NEW.mailbox_id IS DISTINCT FROM OLD.mailbox_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id) THEN
    NEW.credential_version := OLD.credential_version + 1;
  END IF;
  IF NEW.credential_version <> OLD.credential_version THEN
    DELETE FROM web_session WHERE user_id = NEW.id OR mailbox_id IN (OLD.mailbox_id, NEW.mailbox_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER person_ends_sessions BEFORE UPDATE OF password_hash, credential_version, role, mailbox_id, customer_id ON app_user
  FOR EACH ROW EXECUTE FUNCTION person_ends_sessions();

-- The mailbox's own version too: programs and tokens that are signed in with its password prove it anew.
CREATE FUNCTION role_ends_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE mailbox SET credential_version = credential_version + 1 WHERE id = NEW.mailbox_id;
  ELSIF NEW.role <> OLD.role OR (NEW.mailbox_id IS DISTINCT FROM OLD.mailbox_id AND NEW.credential_version <> OLD.credential_version) THEN
    UPDATE mailbox SET credential_version = credential_version + 1 WHERE id IN (OLD.mailbox_id, NEW.mailbox_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER role_ends_sessions AFTER INSERT OR UPDATE OF role, mailbox_id ON app_user FOR EACH ROW EXECUTE FUNCTION role_ends_sessions();

CREATE FUNCTION customer_ends_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status THEN
    UPDATE mailbox SET credential_version = credential_version + 1 WHERE customer_id = NEW.id;
    UPDATE app_user SET credential_version = credential_version + 1 WHERE customer_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER customer_ends_sessions AFTER UPDATE OF status ON customer FOR EACH ROW EXECUTE FUNCTION customer_ends_sessions();
