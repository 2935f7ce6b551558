/** What belongs to an object (a database, the settings) for all who have it: made when it is first asked for, gone with it. */
export function onceFor<Owner extends object, Value extends object>(make: (owner: Owner) => Value): (owner: Owner) => Value {
  const made = new WeakMap<Owner, Value>();
  return (owner) => {
    const known = made.get(owner);
    if (known) return known;
    const value = make(owner);
    made.set(owner, value);
    return value;
  };
}
