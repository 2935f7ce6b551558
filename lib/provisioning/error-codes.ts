import type { AddAliasCode } from './addresses/add-alias.ts';
import type { AddDomainCode } from './domains/add-domain.ts';
import type { AnswerDomainRequestCode } from './domains/answer-domain-request.ts';
import type { AskForDomainCode } from './domains/ask-for-domain.ts';
import type { CreateAppPasswordCode } from './mailboxes/create-app-password.ts';
import type { CreateCustomerCode } from './customers/create-customer.ts';
import type { CreateMailboxCode } from './mailboxes/create-mailbox.ts';
import type { DeleteMailboxCode } from './mailboxes/delete-mailbox.ts';
import type { ReleaseWithheldCode } from './withheld/release-withheld.ts';
import type { RemoveAliasCode } from './addresses/remove-alias.ts';
import type { RemoveAddressCode } from './addresses/remove-address.ts';
import type { RenewDkimKeysCode } from './domains/renew-dkim-keys.ts';
import type { RemoveDomainCode } from './domains/remove-domain.ts';
import type { ResumeTargetCode } from './addresses/resume-target.ts';
import type { RevokeAppPasswordCode } from './mailboxes/revoke-app-password.ts';
import type { SaveMailboxDetailsCode } from './mailboxes/save-mailbox-details.ts';
import type { SetCatchAllCode } from './addresses/set-catch-all.ts';
import type { SetDomainAliasCode } from './domains/set-domain-alias.ts';
import type { SetForwardCode } from './addresses/set-forward.ts';
import type { SetGroupCode } from './addresses/set-group.ts';
import type { SetSendAsCode } from './addresses/set-send-as.ts';
import type { SetPersonPasswordCode } from './customers/set-person-password.ts';
import type { SetCustomerLimitsCode } from './customers/set-customer-limits.ts';
import type { SetRoleCode } from './customers/set-role.ts';

/** Everything that a person can be told by the panel; the sentence stands under `panel.errors` in the message files. */
export type ProvisioningCode =
  | AddAliasCode
  | AddDomainCode
  | AnswerDomainRequestCode
  | AskForDomainCode
  | CreateAppPasswordCode
  | CreateMailboxCode
  | CreateCustomerCode
  | DeleteMailboxCode
  | RemoveAliasCode
  | RemoveDomainCode
  | RenewDkimKeysCode
  | RevokeAppPasswordCode
  | SetPersonPasswordCode
  | SetRoleCode
  | SetCustomerLimitsCode
  | SaveMailboxDetailsCode
  | RemoveAddressCode
  | ResumeTargetCode
  | SetCatchAllCode
  | SetDomainAliasCode
  | SetForwardCode
  | SetGroupCode
  | SetSendAsCode
  | ReleaseWithheldCode
  | 'InvalidDate'
  | 'UnknownCustomer'
  | 'WrongPassword'
  | 'Busy';

/** The code that stands behind the sentence: people read it out, support and logs look it up. */
export const supportCodes: Record<ProvisioningCode, string> = {
  InvalidDomain: 'PA-DOM-1',
  PublicSuffix: 'PA-DOM-2',
  AlreadyYours: 'PA-DOM-3',
  TakenByOther: 'PA-DOM-4',
  UnknownDomain: 'PA-DOM-5',
  HasMailboxes: 'PA-DOM-6',
  OwnHost: 'PA-DOM-7',
  ProofNeeded: 'PA-DOM-8',
  TooManyDomains: 'PA-DOM-9',
  TooManyUnproved: 'PA-DOM-10',
  HasDomainAliases: 'PA-DOM-11',
  DomainIsAlias: 'PA-DOM-12',
  HasAddresses: 'PA-DOM-13',
  RenewalUnderWay: 'PA-DOM-14',
  NobodyToAsk: 'PA-DOM-15',
  AskedAlready: 'PA-DOM-16',
  UnknownRequest: 'PA-DOM-17',
  TooManyAliases: 'PA-ADR-5',
  UnknownAddress: 'PA-ADR-6',
  NoTargets: 'PA-ADR-7',
  InvalidTarget: 'PA-ADR-8',
  TooManyTargets: 'PA-ADR-9',
  GoesInCircles: 'PA-ADR-10',
  NotConfirmedYet: 'PA-ADR-11',
  UnknownTarget: 'PA-ADR-12',
  UnknownModerator: 'PA-ADR-14',
  UnknownLetter: 'PA-QUA-1',
  MailboxFull: 'PA-QUA-2',
  InvalidDate: 'PA-ADR-13',
  TooManyMailboxes: 'PA-BOX-7',
  StorageLimit: 'PA-BOX-8',
  TooManyAppPasswords: 'PA-APP-3',
  InvalidLimit: 'PA-CUS-3',
  InvalidAddress: 'PA-ADR-1',
  InvalidLocalPart: 'PA-ADR-2',
  AddressTaken: 'PA-ADR-3',
  UnknownAlias: 'PA-ADR-4',
  UnknownMailbox: 'PA-BOX-1',
  InvalidName: 'PA-BOX-2',
  InvalidQuota: 'PA-BOX-3',
  OwnMailbox: 'PA-BOX-4',
  TooMany: 'PA-BOX-5',
  OwnersOnly: 'PA-BOX-6',
  InvalidLabel: 'PA-APP-1',
  UnknownAppPassword: 'PA-APP-2',
  TooShort: 'PA-PW-1',
  TooLong: 'PA-PW-2',
  IsAddress: 'PA-PW-3',
  TooCommon: 'PA-PW-4',
  WrongPassword: 'PA-PW-5',
  ControlCharacter: 'PA-PW-6',
  UnknownCustomer: 'PA-CUS-1',
  UnknownPerson: 'PA-CUS-2',
  Busy: 'PA-SYS-1',
};
