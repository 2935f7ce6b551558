/** A worker that takes long to be there, as on a busy machine, and then does its task at once. */
await new Promise((resolve) => setTimeout(resolve, 900));

export default function task(): number {
  return 1;
}
