import { windowsZones } from './windows-zones.ts';

/** Zones of calendar objects: by their IANA names, and by those of Windows and Notes. */

/**
 * Name of a zone that this machine knows, by its IANA name, by that of Windows, which Notes writes without "Standard Time" ("W. Europe"), or by a
 * city in what Outlook shows ("(UTC+01:00) Amsterdam, Berlin"); empty for all others.
 */
export function ianaZone(name: string): string {
  const plain = name.slice(0, longestName).trim();
  const lower = plain.toLowerCase();
  const known = resolved(windowsZones.get(lower) ?? withoutMaker(plain)) || resolved(windowsZones.get(`${lower} standard time`) ?? '');
  if (known !== '' || !/[,/;)]/.test(plain)) return known;
  for (const city of plain
    .replace(/^\([^)]*\)/, '')
    .split(/[,/;&]/)
    .slice(0, mostCities)) {
    const zone = citiesOf().get(city.trim().toLowerCase());
    if (zone) return zone;
  }
  return '';
}

/** "/freeassociation.sourceforge.net/Tzfile/America/New_York" ends with what everybody calls it; Outlook.com has an address for one. */
function withoutMaker(name: string): string {
  if (/^tzone:\/\/microsoft\/utc$/i.test(name)) return 'UTC';
  if (!name.startsWith('/')) return name;
  const steps = name.split('/').slice(-3);
  return steps.map((_, at) => steps.slice(at).join('/')).find((end) => resolved(end) !== '') ?? '';
}

/** Minutes east of Greenwich of a name that says nothing else: "GMT+0100", "(UTC+01:00) …"; null for all others. */
export function offsetIn(name: string): number | null {
  const [, sign = '', hours = '', minutes = '0'] =
    /(?:GMT|UTC)\s?([+-])(\d{1,2})(?:[:.]?(\d\d))?(?!\d)/i.exec(name.slice(0, longestName)) ?? [];
  if (sign === '' || Number(hours) > 14 || Number(minutes) > 59) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const longestName = 200;
const mostCities = 10;

function resolved(zone: string): string {
  try {
    return zone === '' ? '' : new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return '';
  }
}

let cities: ReadonlyMap<string, string> | null = null;
function citiesOf(): ReadonlyMap<string, string> {
  cities ??= new Map(
    Intl.supportedValuesOf('timeZone').map((zone) => [(zone.split('/').at(-1) ?? zone).replaceAll('_', ' ').toLowerCase(), zone]),
  );
  return cities;
}
