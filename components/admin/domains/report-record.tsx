import { useTranslations } from 'next-intl';
import { shorten } from '../shorten.ts';
import { Slip } from '../slip.tsx';

/** The record with which a domain asks for reports. */
export function ReportRecord({ label, value }: { label: string; value: string }) {
  const text = useTranslations('panel.domain');
  return (
    <div className="mt-4">
      <Slip
        lines={[
          { label: text('recordName'), value: label, copy: label },
          { label: text('recordType'), value: 'TXT' },
          { label: text('recordValue'), value: shorten(value), copy: value },
        ]}
      />
    </div>
  );
}
