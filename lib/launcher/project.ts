import { fileURLToPath } from 'node:url';

/** The checkout, with a trailing slash; everything the launcher starts has it as its working directory. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
