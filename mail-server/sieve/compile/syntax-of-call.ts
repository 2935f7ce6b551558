export type ArgumentKind = 'string' | 'list' | 'number';

export interface TagSpecification {
  /** kind of the argument that follows the tag */
  argument?: ArgumentKind;
  /** extension that brings this tag */
  extension?: string;
  /** of the tags of one group only one may stand in a call */
  group?: string;
}

/** How a command or test is written. */
export interface CallSyntax {
  /** one of these extensions must be required; none for the base language */
  extensions?: readonly string[];
  tags?: Record<string, TagSpecification>;
  positional?: readonly ArgumentKind[];
  /** the positional argument that may be left out: 'first' the variable of imap4flags, 'last' the values of deleteheader */
  optional?: 'first' | 'last';
  /** tests that it takes; 'list' for those in parentheses */
  tests?: 'none' | 'one' | 'list';
  block?: boolean;
}
