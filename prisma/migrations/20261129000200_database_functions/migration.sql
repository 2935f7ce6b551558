-- Which text of prisma/functions is in force: see prisma/functions/README.md.

-- CreateTable
CREATE TABLE "database_function" (
    "name" TEXT NOT NULL,
    "checksum" TEXT NOT NULL,

    CONSTRAINT "database_function_pkey" PRIMARY KEY ("name")
);
