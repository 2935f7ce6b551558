/** How a command ended; the session writes it as the tagged answer. */
export interface Completion {
  status: 'OK' | 'NO' | 'BAD';
  /** response code without brackets: "TRYCREATE", "APPENDUID 1 2" */
  code?: string;
  text: string;
}

export const ok = (text: string, code?: string): Completion => ({ status: 'OK', text, code });
export const no = (text: string, code?: string): Completion => ({ status: 'NO', text, code });
export const bad = (text: string): Completion => ({ status: 'BAD', text });

export const formatCompletion = ({ status, code, text }: Completion): string => `${status} ${code ? `[${code}] ` : ''}${text}`;
