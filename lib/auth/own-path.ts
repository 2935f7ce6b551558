/**
 * Where to go after signing in: only paths of our own, "/mail", never "//elsewhere.example" nor "/\\elsewhere.example". What dots make of it
 * is looked at as well: "/..//elsewhere.example" is a path for a server and another host for a browser that made it shorter.
 */
export function ownPath(value: unknown): string {
  if (typeof value !== 'string' || !/^\/(?![/\\])[\w\-.~!$&'()*+,;=:@/?%]*$/.test(value)) return '/';
  const { origin, pathname, search } = new URL(value, 'http://own.invalid');
  return origin === 'http://own.invalid' && !pathname.startsWith('//') ? pathname + search : '/';
}
