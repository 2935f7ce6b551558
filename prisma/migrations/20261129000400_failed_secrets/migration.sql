-- A wrong secret that is tried again and again counts once: a telephone that was forgotten must not lock its owner out. What is kept is a
-- digest under a key of the installation, over login name and secret.
CREATE TABLE "failed_secret" (
    "digest" BYTEA NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "failed_secret_pkey" PRIMARY KEY ("digest")
);
CREATE INDEX "failed_secret_last_at_idx" ON "failed_secret"("last_at");
