const longest = 120;

/** A long value (a DKIM key) with its middle left out: recognisable, and what is copied is the whole. */
export const shorten = (value: string): string => (value.length <= longest ? value : `${value.slice(0, 84)}…${value.slice(-12)}`);
