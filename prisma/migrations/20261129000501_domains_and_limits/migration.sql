-- Limits of a customer; null: those of the configuration.
-- AlterTable
ALTER TABLE "customer" ADD COLUMN     "max_aliases" INTEGER,
ADD COLUMN     "max_app_passwords" INTEGER,
ADD COLUMN     "max_domains" INTEGER,
ADD COLUMN     "max_mailboxes" INTEGER,
ADD COLUMN     "max_messages_per_hour" INTEGER,
ADD COLUMN     "max_storage_bytes" BIGINT;

-- An entry that nobody proves expires. What is there already begins to wait today.
-- AlterTable
ALTER TABLE "domain" ADD COLUMN     "displaced_from" TEXT,
ADD COLUMN     "expiry_notice_at" TIMESTAMPTZ(3),
ADD COLUMN     "unproved_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- CreateIndex
CREATE INDEX "domain_unproved_since_idx" ON "domain"("unproved_since");

-- Whoever signed up with an address before its domain was proved must not stand in the way of the domain's people: the password says who
-- is meant. Signing up refuses an address that somebody signs in with already.
-- DropIndex
DROP INDEX "app_user_email_key";

-- CreateIndex
CREATE INDEX "app_user_email_idx" ON "app_user"("email");
