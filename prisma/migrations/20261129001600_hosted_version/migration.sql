-- What is remembered of the names that are hosted here holds for one version of them (prisma/functions/note_changed_domains.sql).
CREATE TABLE "hosted_version" (
    "id" BOOLEAN NOT NULL DEFAULT true,
    "version" BIGINT NOT NULL DEFAULT 1,

    CONSTRAINT "hosted_version_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "hosted_version" ADD CONSTRAINT "hosted_version_is_one" CHECK ("id");
INSERT INTO "hosted_version" DEFAULT VALUES;
