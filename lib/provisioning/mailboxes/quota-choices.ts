export const gigabyte = 2 ** 30;
/** What the panel offers, in GB. */
export const quotaChoices = [1, 2, 5, 10, 20, 50, 100] as const;
