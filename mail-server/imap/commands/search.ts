import { no } from '../completion.ts';
import { selected, type Command } from './command.ts';
export const search: Command = { states: selected, updates: 'without-expunge', uid: true, run: () => no('soon') };
