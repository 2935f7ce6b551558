/** Addresses of the open counters of common senders, whatever size they say they have. */
const trackers =
  /\/wf\/open\?upn=|list-manage\.com\/track\/open\.php|mandrillapp\.com\/track\/open|sendgrid\.net\/wf\/open|mailgun\.[a-z.]+\/o\/|\/o\/eJ[\w-]{20}|google-analytics\.com\/(?:collect|__utm\.gif)|facebook\.com\/tr[/?]|t\.hubspotemail\.net\/|\.hubspot\.com\/__ptq\.gif|api\.mixpanel\.com\/track|pixel\.[a-z0-9-]+\.[a-z]+\/.*[?&](?:e?mail|rcpt|recipient|uid)=|\/open\.aspx\?|\/trk\/open|\/tracking\/(?:open|pixel)|\/open\/[\w-]{24,}|r\.mailjet\.com\/oo\/|sendibt\d?\.com\/(?:tr\/)?op\/|clicks\.mlsend\.com\/open|\.cmail\d+\.com\/t\/.*-o\//i;
const isKnownTracker = (address: string): boolean => trackers.test(address.slice(0, 2048));

/** A picture that nobody can see only tells the sender that the letter was opened. */
export const isTrackingPicture = (address: string, attributes: Attributes): boolean => isUnseen(attributes) || isKnownTracker(address);

interface Attributes {
  get(name: string): string | undefined;
}

function isUnseen(attributes: Attributes): boolean {
  const tiny = (value: string | undefined) => value !== undefined && /^\s*[0-2](px)?\s*$/.test(value);
  const style = (attributes.get('style') ?? '').slice(0, 2000).toLowerCase().replaceAll(' ', '');
  return (
    (tiny(attributes.get('width')) && tiny(attributes.get('height'))) ||
    /(^|;)display:none/.test(style) ||
    (/(^|;)(max-)?width:[0-2]px/.test(style) && /(^|;)(max-)?height:[0-2]px/.test(style))
  );
}
