-- The RSA key in use stays where it is; a key signs while the DNS shows it. What letters were signed with until today goes on, unless the
-- last look at the DNS did not find it; all are looked at anew soon.
-- AlterTable
ALTER TABLE "domain" ADD COLUMN     "dkim_checked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "dkim_made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "dkim_seen_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP;

UPDATE "domain" SET "dkim_made_at" = "created_at", "dkim_checked_at" = now() - interval '1 day',
  "dkim_seen_at" = CASE WHEN "dns_report" -> 'dkim' ->> 'state' IN ('missing', 'wrong') THEN NULL ELSE now() END;

-- CreateEnum
CREATE TYPE "dkim_algorithm" AS ENUM ('rsa', 'ed25519');

-- CreateTable
CREATE TABLE "dkim_key" (
    "id" BIGSERIAL NOT NULL,
    "domain_id" BIGINT NOT NULL,
    "selector" TEXT NOT NULL,
    "algorithm" "dkim_algorithm" NOT NULL,
    "private_key" TEXT NOT NULL,
    "public_key" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "checked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3),
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "dkim_key_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "dkim_key_domain_id_selector_key" ON "dkim_key"("domain_id", "selector");

-- AddForeignKey
ALTER TABLE "dkim_key" ADD CONSTRAINT "dkim_key_domain_id_fkey" FOREIGN KEY ("domain_id") REFERENCES "domain"("id") ON DELETE CASCADE ON UPDATE CASCADE;
