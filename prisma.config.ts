import { defineConfig } from 'prisma/config';

// Only the Prisma command line reads this file; the programs get their connection from lib/config.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://postamt@127.0.0.1:5432/postamt' },
});
