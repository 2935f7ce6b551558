import type { TransportPolicy } from '../reports/count-session.ts';
import type { StsPolicy } from '../store/queue/sts-policies.ts';
import type { TlsaRecord } from './dane/tlsa.ts';

/** As a report says it (RFC 8460 section 4.4). */
export const noPolicy: TransportPolicy = { type: 'no-policy-found', text: [], hosts: [] };

/** Null: it is announced, and cannot be had. */
export const stsPolicy = (policy: StsPolicy | null): TransportPolicy => ({
  type: 'sts',
  text: policy
    ? [
        'version: STSv1',
        `mode: ${policy.mode}`,
        ...policy.mx.map((host) => `mx: ${host}`),
        ...(policy.maxAgeS === undefined ? [] : [`max_age: ${policy.maxAgeS}`]),
      ]
    : [],
  hosts: policy?.mx ?? [],
});

export const tlsaPolicy = (host: string, records: readonly TlsaRecord[]): TransportPolicy => ({
  type: 'tlsa',
  text: records.map(({ usage, selector, matching, data }) => `${usage} ${selector} ${matching} ${data.toString('hex')}`),
  hosts: [host],
});
