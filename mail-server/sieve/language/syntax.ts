/** A script as it is written, before anybody knows what its words mean. */
export interface StringNode {
  kind: 'string';
  value: string;
  line: number;
}

export interface ListNode {
  kind: 'list';
  items: readonly StringNode[];
  line: number;
}

export interface NumberNode {
  kind: 'number';
  value: number;
  line: number;
}

export interface TagNode {
  kind: 'tag';
  name: string;
  line: number;
}

export type ArgumentNode = StringNode | ListNode | NumberNode | TagNode;

export interface TestNode {
  name: string;
  line: number;
  arguments: readonly ArgumentNode[];
  tests: readonly TestNode[];
  /** tests stand in parentheses */
  list: boolean;
}

export interface CommandNode extends TestNode {
  block: readonly CommandNode[] | null;
}
