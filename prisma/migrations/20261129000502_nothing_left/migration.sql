-- Files on their way into a letter live here: every web process sees them, they go with their mailbox, and they count against its quota.

-- CreateTable
CREATE TABLE "upload" (
    "id" TEXT NOT NULL,
    "mailbox_id" BIGINT NOT NULL,
    "letter_id" TEXT,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "size_bytes" INTEGER NOT NULL DEFAULT 0,
    "complete" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "upload_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upload_chunk" (
    "upload_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "upload_chunk_pkey" PRIMARY KEY ("upload_id","position")
);
-- mostly compressed already
ALTER TABLE "upload_chunk" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

-- CreateIndex
CREATE INDEX "upload_mailbox_id_idx" ON "upload"("mailbox_id");

-- CreateIndex
CREATE INDEX "upload_created_at_idx" ON "upload"("created_at");

-- AddForeignKey
ALTER TABLE "upload" ADD CONSTRAINT "upload_mailbox_id_fkey" FOREIGN KEY ("mailbox_id") REFERENCES "mailbox"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upload_chunk" ADD CONSTRAINT "upload_chunk_upload_id_fkey" FOREIGN KEY ("upload_id") REFERENCES "upload"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Adds the next piece of a file. One after the other for each mailbox, so that two files cannot both find the same room free.
-- 'gone': no such file is being written. 'full': the mailbox has no room for it.
CREATE FUNCTION add_upload_chunk(p_mailbox bigint, p_upload text, p_position int, p_bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_room bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('uploads ' || p_mailbox, 0));
  SELECT c.quota_bytes - c.used_bytes - coalesce((SELECT sum(size_bytes) FROM upload WHERE mailbox_id = p_mailbox), 0) INTO v_room
    FROM account_counter c WHERE c.account_id = p_mailbox;
  IF v_room IS NULL OR v_room < length(p_bytes) THEN RETURN 'full'; END IF;
  UPDATE upload SET size_bytes = size_bytes + length(p_bytes) WHERE id = p_upload AND mailbox_id = p_mailbox AND NOT complete;
  IF NOT FOUND THEN RETURN 'gone'; END IF;
  INSERT INTO upload_chunk (upload_id, position, bytes) VALUES (p_upload, p_position, p_bytes);
  RETURN 'added';
END $$;

-- The trace expires by partitions of a week: dropping one costs nothing, however much a stranger wrote into it.
CREATE FUNCTION ensure_trace_partitions(p_weeks int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_from date; v_name text; v_made int := 0;
BEGIN
  FOR i IN -5 .. p_weeks LOOP
    v_from := date_trunc('week', now() AT TIME ZONE 'UTC')::date + i * 7;
    v_name := 'trace_event_' || to_char(v_from, 'IYYY_IW');
    CONTINUE WHEN to_regclass(v_name) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I PARTITION OF trace_event FOR VALUES FROM (%L) TO (%L)', v_name, v_from::timestamp AT TIME ZONE 'UTC',
      (v_from + 7)::timestamp AT TIME ZONE 'UTC');
    v_made := v_made + 1;
  END LOOP;
  RETURN v_made;
END $$;

ALTER TABLE trace_event RENAME TO trace_event_before;
ALTER TABLE trace_event_before RENAME CONSTRAINT trace_event_pkey TO trace_event_before_pkey;
ALTER INDEX trace_event_customer_id_at_idx RENAME TO trace_event_before_customer_id_at_idx;
ALTER INDEX trace_event_at_idx RENAME TO trace_event_before_at_idx;
CREATE TABLE trace_event (
    "id" BIGINT NOT NULL DEFAULT nextval('trace_event_id_seq'),
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "customer_id" BIGINT,
    "account_id" BIGINT,
    "queue_id" BIGINT,
    "step" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "message_ref" TEXT,
    "status" TEXT,
    "detail" TEXT,
    "remote" TEXT,

    CONSTRAINT "trace_event_pkey" PRIMARY KEY ("id","at")
) PARTITION BY RANGE (at);
ALTER SEQUENCE trace_event_id_seq OWNED BY trace_event.id;
CREATE INDEX "trace_event_customer_id_at_idx" ON "trace_event"("customer_id", "at");
-- a clock that is far off finds a place too
CREATE TABLE trace_event_other PARTITION OF trace_event DEFAULT;
SELECT ensure_trace_partitions(3);
INSERT INTO trace_event (id, at, customer_id, account_id, queue_id, step, sender, recipient, message_ref, status, detail, remote)
  SELECT id, at, customer_id, account_id, queue_id, step, sender, recipient, message_ref, status, detail, remote
  FROM trace_event_before WHERE at > now() - interval '30 days';
DROP TABLE trace_event_before;

-- Drops the oldest partition of the trace if all of it is older than p_days. Its name, or null.
CREATE FUNCTION drop_old_trace_partition(p_days int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_name text;
BEGIN
  DELETE FROM trace_event_other WHERE at < now() - make_interval(days => p_days);
  SELECT c.relname INTO v_name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'trace_event'::regclass AND c.relname ~ '^trace_event_\d{4}_\d{2}$'
      AND to_date(right(c.relname, 7), 'IYYY_IW') + interval '7 days' < now() - make_interval(days => p_days)
      AND to_date(right(c.relname, 7), 'IYYY_IW') < date_trunc('week', now()) - interval '35 days'
    ORDER BY c.relname LIMIT 1;
  IF v_name IS NULL THEN RETURN NULL; END IF;
  PERFORM set_config('lock_timeout', '2s', true);
  EXECUTE format('DROP TABLE %I', v_name);
  RETURN v_name;
END $$;

-- Names that a mailbox once had: the greatest UIDVALIDITY of each was kept for ever, also of a million that were made and deleted. Beyond a
-- number the oldest are forgotten and the account remembers one value above them all instead: a folder that is renamed to a name nobody
-- remembers takes a new UIDVALIDITY if its own is not above that.
-- AlterTable
ALTER TABLE "account_counter" ADD COLUMN     "name_floor" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "references_due" BOOLEAN NOT NULL DEFAULT false;

CREATE FUNCTION folder_above_floor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.name = OLD.name OR EXISTS (SELECT 1 FROM folder_name n WHERE n.account_id = NEW.account_id AND n.name = NEW.name) THEN RETURN NEW; END IF;
  UPDATE account_counter SET next_uidvalidity = next_uidvalidity + 1 WHERE account_id = NEW.account_id AND name_floor >= NEW.uidvalidity
    RETURNING next_uidvalidity - 1 INTO NEW.uidvalidity;
  IF NOT FOUND THEN NEW.uidvalidity := coalesce(NEW.uidvalidity, OLD.uidvalidity); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER folder_above_floor BEFORE UPDATE OF name ON folder FOR EACH ROW EXECUTE FUNCTION folder_above_floor();

CREATE FUNCTION folder_name_keeps_greatest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.uidvalidity := greatest(NEW.uidvalidity, (SELECT uidvalidity FROM folder WHERE account_id = NEW.account_id AND name = NEW.name));
  RETURN NEW;
END $$;
CREATE TRIGGER folder_name_keeps_greatest BEFORE INSERT OR UPDATE ON folder_name FOR EACH ROW EXECUTE FUNCTION folder_name_keeps_greatest();

-- Forgets the oldest names of one account that has more than p_most beside its folders. True: there was one.
CREATE FUNCTION forget_folder_names(p_most int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_account bigint; v_floor int;
BEGIN
  SELECT account_id INTO v_account FROM folder_name GROUP BY account_id HAVING count(*) > 2 * p_most LIMIT 1;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM 1 FROM account_counter WHERE account_id = v_account FOR UPDATE;
  WITH old AS (SELECT n.name FROM folder_name n WHERE n.account_id = v_account
                 AND NOT EXISTS (SELECT 1 FROM folder f WHERE f.account_id = v_account AND f.name = n.name)
               ORDER BY n.uidvalidity DESC OFFSET p_most),
       gone AS (DELETE FROM folder_name n USING old WHERE n.account_id = v_account AND n.name = old.name RETURNING n.uidvalidity)
  SELECT max(uidvalidity) INTO v_floor FROM gone;
  IF v_floor IS NULL THEN RETURN false; END IF;
  UPDATE account_counter SET name_floor = greatest(name_floor, v_floor) WHERE account_id = v_account;
  RETURN true;
END $$;

-- References of threads that have no message left. What deletes messages marks the account; housekeeping does the work some time later.
CREATE FUNCTION message_leaves_references() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE account_counter SET references_due = true
    WHERE account_id IN (SELECT DISTINCT account_id FROM gone) AND NOT references_due;
  RETURN NULL;
END $$;
CREATE TRIGGER message_leaves_references AFTER DELETE ON message REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
  EXECUTE FUNCTION message_leaves_references();

CREATE INDEX "account_counter_references_due_idx" ON "account_counter"("account_id") WHERE references_due;
CREATE FUNCTION forget_references() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_account bigint;
BEGIN
  SELECT account_id INTO v_account FROM account_counter WHERE references_due LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM thread_reference r WHERE r.account_id = v_account
    AND NOT EXISTS (SELECT 1 FROM message m WHERE m.account_id = v_account AND m.thread_id = r.thread_id);
  UPDATE account_counter SET references_due = false WHERE account_id = v_account;
  RETURN true;
END $$;

-- With a mailbox goes everything that tells of it: letters that it still had in the queue, its steps in the trace, counted logins, the
-- person who signed in with it. What the customer did stands in the audit, which is the customer's.
CREATE FUNCTION mailbox_leaves_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM queue_message WHERE account_id = OLD.id;
  DELETE FROM trace_event WHERE customer_id = OLD.customer_id AND (account_id = OLD.id OR sender = OLD.address OR recipient IN
    (SELECT address FROM address WHERE mailbox_id = OLD.id));
  DELETE FROM login_throttle WHERE position('|' || OLD.address || '|' IN key || '|') > 0;
  DELETE FROM app_user WHERE mailbox_id = OLD.id;
  UPDATE audit_event SET details = details - 'name' - 'label' WHERE customer_id = OLD.customer_id AND subject = OLD.address;
  RETURN OLD;
END $$;
CREATE TRIGGER mailbox_leaves_nothing BEFORE DELETE ON mailbox FOR EACH ROW EXECUTE FUNCTION mailbox_leaves_nothing();
