/** What worker-pool.alone.test.ts cannot start. */
throw new Error('as asked');
