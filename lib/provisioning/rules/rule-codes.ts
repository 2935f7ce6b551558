import type { AddMailboxForwardCode } from './add-mailbox-forward.ts';
import type { ConfirmMailboxForwardCode } from './confirm-mailbox-forward.ts';
import type { KeepForwardedCode } from './keep-forwarded.ts';
import type { ChangeMailboxForwardCode } from './change-mailbox-forward.ts';
import type { SetAbsenceCode } from './set-absence.ts';
import type { SetSenderRuleCode } from './set-sender-rule.ts';

/** What can be in the way of a mailbox's settings for its letters; the sentence stands under `rules.errors` in the message files. */
export type RuleCode =
  | AddMailboxForwardCode
  | ConfirmMailboxForwardCode
  | KeepForwardedCode
  | ChangeMailboxForwardCode
  | SetAbsenceCode
  | SetSenderRuleCode
  | 'CodeNotSent'
  | 'InvalidDay';

export const ruleSupportCodes: Record<RuleCode, string> = {
  UnknownMailbox: 'PA-BOX-1',
  OwnersOnly: 'PA-BOX-6',
  InvalidTarget: 'PA-FWD-1',
  TooManyTargets: 'PA-FWD-2',
  ForwardsForbidden: 'PA-FWD-3',
  NotConfirmedYet: 'PA-FWD-4',
  UnknownForward: 'PA-FWD-5',
  WrongCode: 'PA-FWD-6',
  CodeExpired: 'PA-FWD-7',
  CodeNotSent: 'PA-FWD-8',
  UnknownTarget: 'PA-FWD-9',
  InvalidText: 'PA-ABS-1',
  InvalidPeriod: 'PA-ABS-2',
  InvalidDays: 'PA-ABS-3',
  InvalidDay: 'PA-ABS-4',
  InvalidSender: 'PA-SND-1',
  TooMany: 'PA-SND-2',
};
