/** Plain text as a terminal would show it, without what was meant for the terminal alone: colours, bold by overstriking, bells. Linear time. */
export function withoutTerminalCodes(text: string): string {
  if (!CONTROL.test(text)) return text;
  return text.replace(SEQUENCE, '').replace(OVERSTRUCK, '').replace(PAGE, '\n').replace(CONTROLS, '');
}

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;
const SEQUENCE = /\x1b(?:\[[0-?]{0,40}[ -/]{0,5}[@-~]|\][^\x07\x1b\n]{0,500}(?:\x07|\x1b\\)|[()][0-9A-Z])/g;
const OVERSTRUCK = /[^\n]\x08/gu;
const PAGE = /[\x0b\x0c]/g;
const CONTROLS = /[\0-\x08\x0e-\x1f\x7f]/g;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: see above
