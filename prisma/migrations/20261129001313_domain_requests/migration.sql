-- Whoever wants a name below somebody's domain asks its owner in the panel.
-- CreateTable
CREATE TABLE "domain_request" (
    "id" BIGSERIAL NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "owner_id" BIGINT NOT NULL,
    "parent" TEXT NOT NULL,
    "asked_by" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "agreed" BOOLEAN,

    CONSTRAINT "domain_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "domain_request_customer_id_name_key" ON "domain_request"("customer_id", "name");

-- CreateIndex
CREATE INDEX "domain_request_owner_id_idx" ON "domain_request"("owner_id");

-- CreateIndex
CREATE INDEX "domain_request_asked_at_idx" ON "domain_request"("asked_at");

-- AddForeignKey
ALTER TABLE "domain_request" ADD CONSTRAINT "domain_request_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "domain_request" ADD CONSTRAINT "domain_request_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;
