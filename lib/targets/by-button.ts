/** What the webmail writes at the press of a button says so to the server, which takes it out: who is left, or told no, is nobody who is known. */
export const byButton = { name: 'X-Postamt-By-Button', value: 'yes' };
