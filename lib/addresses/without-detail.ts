// Stands alone: the page needs it, and what reads whole addresses would bring Node's url and buffer along.

/** "max@muster.at" for "max+laden@muster.at": who gives out an address with a detail reads what comes there. */
export function withoutDetail<Address extends string>(address: Address): Address {
  const at = address.lastIndexOf('@');
  const plus = address.indexOf('+');
  return plus > 0 && plus < at ? ((address.slice(0, plus) + address.slice(at)) as Address) : address;
}
