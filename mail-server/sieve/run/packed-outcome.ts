import type { Header } from '../letter/header.ts';
import { applyEdit, describeEdit, type HeaderEdit } from '../letter/header-edit.ts';
import type { Action, FileInto, Keep, Outcome, Redirect } from './actions.ts';

type WithHeader = Keep | FileInto | Redirect;
type Packed<One> = One extends WithHeader ? Omit<One, 'header'> & { header: HeaderEdit | null } : One;
export type PackedAction = Packed<Action>;

/** An outcome as it travels between processes. */
export interface PackedOutcome extends Omit<Outcome, 'actions' | 'implicitKeep'> {
  actions: PackedAction[];
  implicitKeep: Packed<Keep> | null;
}

/** `own` is the header of the letter as it came. */
export function packOutcome(outcome: Outcome, own: Header): PackedOutcome {
  const { actions, implicitKeep, failure, tooMuch } = outcome;
  return {
    actions: actions.map((action) => ('header' in action ? { ...action, header: describeEdit(own, action.header) } : action)),
    implicitKeep: implicitKeep && { ...implicitKeep, header: describeEdit(own, implicitKeep.header) },
    failure,
    tooMuch,
  };
}

export function unpackOutcome({ actions, implicitKeep, failure, tooMuch }: PackedOutcome, own: Header): Outcome {
  return {
    actions: actions.map((action) => ('header' in action ? { ...action, header: applyEdit(own, action.header) } : action)),
    implicitKeep: implicitKeep && { ...implicitKeep, header: applyEdit(own, implicitKeep.header) },
    failure,
    tooMuch,
  };
}
