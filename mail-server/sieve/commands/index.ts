import type { CommandSpecification } from '../compile/specification.ts';
import { breakLoop, error, foreverypart, stop } from './control.ts';
import { addheader, deleteheader } from './edit-header.ts';
import { extracttext } from './extracttext.ts';
import { addflag, removeflag, setflag } from './flags.ts';
import { global, include, returnFromScript } from './include.ts';
import { notify } from './notify.ts';
import { redirect } from './redirect.ts';
import { ereject, reject } from './reject.ts';
import { set } from './set.ts';
import { discard, fileinto, keep } from './store.ts';
import { vacation } from './vacation.ts';

/** Every command by its name in scripts; if, elsif, else and require are the compiler's own. */
export const commands: Readonly<Record<string, CommandSpecification>> = {
  addflag,
  addheader,
  break: breakLoop,
  deleteheader,
  discard,
  ereject,
  error,
  extracttext,
  fileinto,
  foreverypart,
  global,
  include,
  keep,
  notify,
  redirect,
  reject,
  removeflag,
  return: returnFromScript,
  set,
  setflag,
  stop,
  vacation,
};
