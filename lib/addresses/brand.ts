/** A value that was parsed once, at the door. `Brand<string, 'EmailAddress'>` is a string that is known to be one. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
