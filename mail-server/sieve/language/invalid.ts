/** Thrown where a script cannot be read on. */
export class Invalid extends Error {
  readonly line: number;

  constructor(line: number, sentence: string) {
    super(sentence);
    this.line = line;
  }
}
