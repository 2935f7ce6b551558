import type { TestSpecification } from '../compile/specification.ts';
import { address, envelope } from './address.ts';
import { body } from './body.ts';
import { currentdate, date } from './date.ts';
import { duplicate } from './duplicate.ts';
import { hasflag } from './flags.ts';
import { exists, header } from './header.ts';
import { environment, spamtest, virustest } from './judgements.ts';
import { allof, anyof, ihave, isFalse, isTrue, not } from './logic.ts';
import {
  mailboxexists,
  mailboxidexists,
  metadata,
  metadataexists,
  servermetadata,
  servermetadataexists,
  specialuseExists,
} from './mailboxes.ts';
import { notifyMethodCapability, validNotifyMethod } from './notify-tests.ts';
import { size } from './size.ts';
import { string } from './string.ts';

/** Every test by its name in scripts. */
export const tests: Readonly<Record<string, TestSpecification>> = {
  address,
  allof,
  anyof,
  body,
  currentdate,
  date,
  duplicate,
  envelope,
  environment,
  exists,
  false: isFalse,
  hasflag,
  header,
  ihave,
  mailboxexists,
  mailboxidexists,
  metadata,
  metadataexists,
  not,
  notify_method_capability: notifyMethodCapability,
  servermetadata,
  servermetadataexists,
  size,
  spamtest,
  specialuse_exists: specialuseExists,
  string,
  true: isTrue,
  valid_notify_method: validNotifyMethod,
  virustest,
};
