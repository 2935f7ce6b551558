import { type Parameter, parameter } from './parse-content-type.ts';

/** How the lines of a plain text are meant (RFC 3676 section 4). */
export const textFormat = ({ parameters }: { parameters: readonly Parameter[] }): { flowed: boolean; delSp: boolean } => ({
  flowed: (parameter(parameters, 'format') ?? '').trim().toLowerCase() === 'flowed',
  delSp: (parameter(parameters, 'delsp') ?? '').trim().toLowerCase() === 'yes',
});
