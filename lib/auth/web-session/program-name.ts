/** What people call their browser and computer; empty where the User-Agent says neither. */
export interface Program {
  browser: string;
  system: string;
}

// in this order: each of them also claims to be those behind it
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?(?:iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:(?:Headless)?Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];
const nameIn = (list: typeof browsers, userAgent: string): string => list.find(([form]) => form.test(userAgent))?.[1] ?? '';

export const programOf = (userAgent: string): Program => ({
  browser: nameIn(browsers, userAgent) || (/^[\w.+-]{1,40}/.exec(userAgent)?.[0] ?? ''),
  system: nameIn(systems, userAgent),
});
