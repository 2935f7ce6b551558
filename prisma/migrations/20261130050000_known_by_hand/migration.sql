-- Whom only programs and buttons wrote to (a receipt, leaving a list, saying no to an invitation) was reached, and is nobody who is known.
ALTER TABLE "correspondent" ADD COLUMN "by_hand" BOOLEAN NOT NULL DEFAULT true;
