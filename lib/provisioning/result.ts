/** What an operation answers: a value, or one code of the operation's closed list. */
export type Result<Value, Code extends string> = { ok: true; value: Value } | { ok: false; code: Code };

export const done = <Value>(value: Value): { ok: true; value: Value } => ({ ok: true, value });
export const refused = <Code extends string>(code: Code): { ok: false; code: Code } => ({ ok: false, code });
