-- Who guesses is slowed down by all processes together.
-- CreateTable
CREATE TABLE "guess_delay" (
    "key" TEXT NOT NULL,
    "wrong" INTEGER NOT NULL DEFAULT 0,
    "last_answer_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "guess_delay_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "guess_delay_last_answer_at_idx" ON "guess_delay"("last_answer_at");
