import { limits } from './limits.ts';

/** RFC 5804 section 1.6: Net-Unicode without control characters; not a path, so that `include` finds it. */
export const isScriptName = (name: string): boolean =>
  name !== '' && Buffer.byteLength(name) <= limits.nameBytes && !/[\p{Cc}\p{Cs}\u2028\u2029/]/u.test(name);
