/** What worker-pool.test.ts cannot start. */
throw new Error('as asked');
