/** What is counted of a letter for the owner of its author's domain, and told to him by letters in one row of a report. */
export interface DmarcFacts {
  policy: ReportedPolicy;
  ip: string;
  disposition: 'none' | 'pass' | 'quarantine' | 'reject';
  dkim: 'pass' | 'fail';
  spf: 'pass' | 'fail';
  /** why less was done than what the policy asks for; "" if that is not so */
  reason: '' | 'policy_test_mode' | 'other';
  headerFrom: string;
  /** "" for the null reverse-path */
  envelopeFrom: string;
  signatures: { domain: string; selector: string; result: string }[];
  sender: { domain: string; result: string } | null;
}

/** One of these a report (RFC 9990 section 3.1.1.6). */
export interface ReportedPolicy {
  domain: string;
  p: string;
  sp: string;
  np: string;
  adkim: string;
  aspf: string;
  fo: string;
  testing: boolean;
}
