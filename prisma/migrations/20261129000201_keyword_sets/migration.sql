-- The bits above the five system flags become the number of a set of keywords: see docs/decisions/035-keyword-sets.md.

-- AlterTable
ALTER TABLE "account_counter" ADD COLUMN "next_keyword" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN "next_keyword_set" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "account_keyword" RENAME COLUMN "bit" TO "keyword_id";

-- CreateTable
CREATE TABLE "keyword_set" (
    "account_id" BIGINT NOT NULL,
    "set_id" INTEGER NOT NULL,
    "keywords" INTEGER[],
    "digest" TEXT NOT NULL,

    CONSTRAINT "keyword_set_pkey" PRIMARY KEY ("account_id","set_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "keyword_set_account_id_digest_key" ON "keyword_set"("account_id", "digest");

-- each combination of bits in use becomes a set
CREATE TABLE keyword_bits AS
  SELECT d.account_id, d.bits, row_number() OVER (PARTITION BY d.account_id ORDER BY d.bits)::int AS set_id,
         (SELECT array_agg(k ORDER BY k) FROM generate_series(5, 62) k WHERE (d.bits >> (k - 5)) & 1 = 1) AS keywords
    FROM (SELECT DISTINCT account_id, flags >> 5 AS bits FROM folder_message WHERE flags > 31) d;
INSERT INTO keyword_set (account_id, set_id, keywords, digest) SELECT account_id, set_id, keywords, md5(keywords::text) FROM keyword_bits;
UPDATE folder_message f SET flags = (f.flags & 31) | (b.set_id::bigint << 5)
  FROM keyword_bits b WHERE f.flags > 31 AND b.account_id = f.account_id AND b.bits = f.flags >> 5;
UPDATE account_counter c SET
  next_keyword = 1 + coalesce((SELECT max(k.keyword_id) FROM account_keyword k WHERE k.account_id = c.account_id), 0),
  next_keyword_set = 1 + coalesce((SELECT max(s.set_id) FROM keyword_set s WHERE s.account_id = c.account_id), 0);
DROP TABLE keyword_bits;
DROP FUNCTION IF EXISTS keyword_bit(bigint, text);
