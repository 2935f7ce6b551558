/** RFC 8579 section 3: a backslash and an atom, as in LIST (RFC 6154). */
export const isSpecialUse = (use: string): boolean => /^\\[A-Za-z0-9$_.-]+$/.test(use);
export const NO_SPECIAL_USE = 'a special use is written as in "\\\\Junk"';
