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
-- as ensure_trace_partitions (prisma/functions) does from now on
DO $$
DECLARE v_from date; v_name text;
BEGIN
  FOR i IN -5 .. 3 LOOP
    v_from := date_trunc('week', now() AT TIME ZONE 'UTC')::date + i * 7;
    v_name := 'trace_event_' || to_char(v_from, 'IYYY_IW');
    CONTINUE WHEN to_regclass(v_name) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I PARTITION OF trace_event FOR VALUES FROM (%L) TO (%L)', v_name, v_from::timestamp AT TIME ZONE 'UTC',
      (v_from + 7)::timestamp AT TIME ZONE 'UTC');
  END LOOP;
END $$;
INSERT INTO trace_event (id, at, customer_id, account_id, queue_id, step, sender, recipient, message_ref, status, detail, remote)
  SELECT id, at, customer_id, account_id, queue_id, step, sender, recipient, message_ref, status, detail, remote
  FROM trace_event_before WHERE at > now() - interval '30 days';
DROP TABLE trace_event_before;

-- Names that a mailbox once had: the greatest UIDVALIDITY of each was kept for ever, also of a million that were made and deleted. Beyond a
-- number the oldest are forgotten and the account remembers one value above them all instead: a folder that is renamed to a name nobody
-- remembers takes a new UIDVALIDITY if its own is not above that.
-- AlterTable
ALTER TABLE "account_counter" ADD COLUMN     "name_floor" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "references_due" BOOLEAN NOT NULL DEFAULT false;

CREATE INDEX "account_counter_references_due_idx" ON "account_counter"("account_id") WHERE references_due;
