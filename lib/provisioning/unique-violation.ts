/** True for Prisma's "unique constraint failed" (P2002): somebody else was faster, or it existed before. */
export const isUniqueViolation = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002';
