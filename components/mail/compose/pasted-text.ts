import { Fragment, type Node, type ResolvedPos, Slice } from '@tiptap/pm/model';

/** Plain text from the clipboard: a blank line ends a paragraph, other line ends are kept as such; the caret's formats go on. */
export function pastedText(text: string, context: ResolvedPos): Slice {
  const { schema } = context.doc.type;
  const marks = context.marks();
  const lineOf = (line: string): Node[] => (line === '' ? [] : [schema.text(line, marks)]);
  const paragraphs = text
    .split(/\r\n?|\n/)
    .join('\n')
    .split('\n\n');
  const nodes = paragraphs.flatMap((paragraph) => {
    const inline = paragraph
      .split('\n')
      .flatMap((line, at) => [...(at === 0 ? [] : [schema.nodes['hardBreak']?.create()]), ...lineOf(line)]);
    const made = schema.nodes['paragraph']?.create(
      null,
      inline.flatMap((node) => (node ? [node] : [])),
    );
    return made ? [made] : [];
  });
  return Slice.maxOpen(Fragment.from(nodes));
}
