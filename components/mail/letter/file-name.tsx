/** Of a long name the middle is left out where it has no room, never its ending. What is written from right to left keeps its order. */
export function FileName({ name }: { name: string }) {
  const ending = rightToLeft.test(name) ? undefined : /^.{16,}(\.[\w-]{1,20})$/s.exec(name)?.[1];
  return (
    <bdi>
      {ending ? <span className="file-stem">{name.slice(0, -ending.length)}</span> : null}
      {ending ?? name}
    </bdi>
  );
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
