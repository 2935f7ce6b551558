/** What a condition may look at, and how it compares; apart from the door, so that pages need not carry it. */
export const textFields = ['from', 'to', 'subject', 'body', 'list', 'header'] as const;
export const matches = ['contains', 'is', 'matches'] as const;
