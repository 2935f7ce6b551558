import type { Brand } from '../addresses/brand.ts';

/** Mail-store account; equals `mailbox.id`. */
export type AccountId = Brand<number, 'AccountId'>;
export type CustomerId = Brand<number, 'CustomerId'>;

/** The door for ids that come from the database (int8 arrives as bigint or number). */
export const accountId = (value: bigint | number): AccountId => Number(value) as AccountId;
export const customerId = (value: bigint | number): CustomerId => Number(value) as CustomerId;
