/** RFC 5322 section 3.6.8: printable ASCII without colon. */
export const isFieldName = (name: string): boolean => /^[!-9;-~]+$/.test(name);
