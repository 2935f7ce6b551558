/** How the items of a list are counted, by the `type` of HTML; "1": with numbers. */
export type Counting = '1' | 'a' | 'A' | 'i' | 'I';

export interface Sign {
  number: number;
  counting: Counting;
}

const romans = [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1];
const romanDigits = ['m', 'cm', 'd', 'cd', 'c', 'xc', 'l', 'xl', 'x', 'ix', 'v', 'iv', 'i'];

function asRoman(number: number): string {
  let left = number;
  return romans
    .map((value, at) => {
      const times = Math.floor(left / value);
      left -= times * value;
      return (romanDigits[at] ?? '').repeat(times);
    })
    .join('');
}

const worthOf = (digit: string): number => romans[romanDigits.indexOf(digit)] ?? 0;

/** "c" of 3, "iv" of 4. */
export function signOf(number: number, counting: string | null): string {
  if (counting === null || !/^[aAiI]$/.test(counting) || number < 1 || number > 3999) return String(number);
  const low = counting.toLowerCase();
  const sign = low === 'i' ? asRoman(number) : String.fromCharCode(97 + ((number - 1) % 26)).repeat(Math.ceil(number / 26));
  return low === counting ? sign : sign.toUpperCase();
}

/** What a sign that somebody wrote may count: "i" is one, or the ninth letter. Null: nothing that a list of HTML can write ("2.3."). */
export function readSign(written: string): Sign[] | null {
  const sign = written.replace(/[\s\u00a0().]+$|^[\s\u00a0(]+/g, '');
  if (/^\d{1,6}$/.test(sign)) return [{ number: Number(sign), counting: '1' }];
  if (!/^[a-z]{1,9}$/i.test(sign)) return null;
  const low = sign.toLowerCase();
  const isLow = sign === low;
  const found: Sign[] = [];
  if (new Set(low).size === 1) found.push({ number: (low.length - 1) * 26 + low.charCodeAt(0) - 96, counting: isLow ? 'a' : 'A' });
  const roman = [...low].reduce(
    (sum, digit, at, all) => sum + (worthOf(digit) < worthOf(all[at + 1] ?? '') ? -worthOf(digit) : worthOf(digit)),
    0,
  );
  if (asRoman(roman) === low) found.push({ number: roman, counting: isLow ? 'i' : 'I' });
  return found.length > 0 ? found : null;
}
