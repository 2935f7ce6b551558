/** Free mail where anybody has an address: "Sparkasse" does not write from there. */
export const isAnybodys = (domain: string): boolean => anybodys.test(domain);

const anybodys =
  /^(?:gmail\.com|googlemail\.com|outlook\.\w+|hotmail\.\w+|live\.\w+|yahoo\.\w+(?:\.\w+)?|gmx\.\w+|web\.de|mail\.ru|yandex\.\w+|proton(?:mail)?\.\w+|aol\.com|icloud\.com|zoho\.com|mail\.com|163\.com|qq\.com|126\.com)$/;
