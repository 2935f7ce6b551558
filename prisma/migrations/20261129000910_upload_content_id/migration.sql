-- A picture that stands in the text of its letter.
ALTER TABLE "upload" ADD COLUMN "content_id" TEXT;
