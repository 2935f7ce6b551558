import { ShieldAlert } from 'lucide-react';
import { getFormatter, getTranslations } from 'next-intl/server';
import { Icon } from '#components/ui/icon.tsx';
import { mailHost } from '#lib/webmail/connection/mail-host.ts';
import { ownCertificate } from '#lib/webmail/connection/own-certificate.ts';

const kinds: Partial<Record<string, 'ended' | 'name'>> = { CERT_HAS_EXPIRED: 'ended', ERR_TLS_CERT_ALTNAME_INVALID: 'name' };

/** One line for the operator before, or when, nobody can connect for the mail server's certificate. */
export async function CertificateNotice() {
  const host = mailHost();
  const seen = await ownCertificate(host);
  if (!seen?.refusal && !seen?.endsSoon) return null;
  const text = await getTranslations('panel.customers.certificate');
  const format = await getFormatter();
  const { refusal, validTo } = seen;
  return (
    <div className="notice warn mt-4">
      <Icon of={ShieldAlert} />
      <span>
        {text(refusal === null ? 'soon' : (kinds[refusal] ?? 'refused'), {
          host: host.name,
          date: format.dateTime(validTo, { dateStyle: 'long' }),
          reason: refusal ?? '',
        })}
      </span>
    </div>
  );
}
