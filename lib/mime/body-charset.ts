import { type Parameter, parameter } from './parse-content-type.ts';

interface Node {
  type: string;
  parameters: readonly Parameter[];
  children: readonly Node[];
}

const mostParts = 50;

/** Charset of the first text of a message that names one: what raw 8-bit bytes of its header are in too, most of the time. */
export function bodyCharset(root: Node): string | undefined {
  const stack: Node[] = [root];
  for (let seen = 0; seen < mostParts; seen++) {
    const part = stack.pop();
    if (part === undefined) return undefined;
    const charset = part.type === 'text' ? parameter(part.parameters, 'charset') : undefined;
    if (charset) return charset;
    for (const child of part.children.slice(0, mostParts).reverse()) stack.push(child);
  }
  return undefined;
}
