import { useTranslations } from 'next-intl';
import type { ClientSettings } from '#lib/client-setup/client-settings.ts';

/** Programs in the order in which people ask for them, and how many steps each takes. */
const programs = { thunderbird: 5, outlook: 6, apple: 5, appleByHand: 6, gmail: 6, k9: 5, other: 4 } as const;

/** Step by step, with this installation's values put in. One program is open at a time. */
export function ProgramSteps({ settings, address }: { settings: ClientSettings; address: string | null }) {
  const text = useTranslations('help.programs');
  const all = useTranslations();
  const values = {
    host: settings.host,
    imaps: String(settings.imaps),
    pop3s: String(settings.pop3s),
    submissions: String(settings.submissions),
    submission: String(settings.submission),
    address: address ?? text('yourAddress'),
    mono: (chunks: React.ReactNode) => <span className="mono">{chunks}</span>,
  };
  return (
    <div className="programs sheet">
      {Object.entries(programs).map(([program, count], index) => (
        <details key={program} name="program" open={index === 0}>
          <summary>{text(`${program as keyof typeof programs}.title`)}</summary>
          <ol className="steps">
            {Array.from({ length: count }, (_, step) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: steps never move
              <li key={step}>
                <p>{all.rich(`help.programs.${program}.s${step + 1}` as 'help.programs.thunderbird.s1', values)}</p>
              </li>
            ))}
          </ol>
        </details>
      ))}
    </div>
  );
}
