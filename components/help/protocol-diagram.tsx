import { useTranslations } from 'next-intl';

/** Devices, mailbox and the recipient's server, and what runs between them: solid IMAP, dashed POP3, airmail SMTP. */
export function ProtocolDiagram() {
  const text = useTranslations('help.diagram');
  return (
    <figure className="dia sheet" id="picture">
      <svg
        className="wide"
        viewBox="0 0 640 330"
        role="img"
        aria-labelledby="diagram-title"
        aria-describedby="diagram-description"
        style={{ color: 'var(--ink)', fontFamily: 'var(--sans)' }}
      >
        <title id="diagram-title">{text('title')}</title>
        <desc id="diagram-description">{text('description')}</desc>
        <ArrowAndAirmail arrow="ah" airmail="airp" />
        <g fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinejoin="round">
          <rect x="24" y="40" width="34" height="58" rx="5" />
          <path d="M37 90h8" />
          <rect x="16" y="150" width="58" height="40" rx="3" />
          <path d="M8 198h74" />
          <rect x="22" y="250" width="46" height="34" rx="3" />
          <path d="M45 284v10M30 296h30" />
        </g>
        <g fontSize="13" fill="var(--ink-2)" textAnchor="middle">
          <text x="41" y="118">
            {text('phone')}
          </text>
          <text x="45" y="218">
            {text('laptop')}
          </text>
          <text x="45" y="316">
            {text('office')}
          </text>
        </g>
        <rect x="256" y="28" width="136" height="276" rx="6" fill="var(--paper)" stroke="var(--line-strong)" />
        <rect x="256" y="28" width="136" height="38" rx="6" fill="var(--post)" />
        <rect x="256" y="56" width="136" height="10" fill="var(--post)" />
        <text x="324" y="52" textAnchor="middle" fontSize="14" fontWeight="640" fill="var(--on-post)">
          Postamt
        </text>
        <g fill="var(--sheet)" stroke="var(--line-strong)">
          <rect x="272" y="80" width="104" height="30" rx="2" />
          <rect x="272" y="116" width="104" height="30" rx="2" />
          <rect x="272" y="152" width="104" height="30" rx="2" />
          <rect x="272" y="250" width="104" height="36" rx="2" />
        </g>
        <g fontSize="12" fill="var(--ink)">
          <text x="282" y="99">
            {text('inbox')}
          </text>
          <text x="282" y="135">
            {text('sent')}
          </text>
          <text x="282" y="171">
            {text('archive')}
          </text>
          <text x="282" y="272">
            {text('outbox')}
          </text>
        </g>
        <text x="324" y="204" fontSize="12" textAnchor="middle" fill="var(--ink-3)">
          {text('mailbox')}
        </text>
        <line x1="92" y1="72" x2="250" y2="94" stroke="currentColor" strokeWidth="2" markerEnd="url(#ah)" markerStart="url(#ah)" />
        <line x1="98" y1="166" x2="250" y2="128" stroke="currentColor" strokeWidth="2" markerEnd="url(#ah)" markerStart="url(#ah)" />
        <line x1="250" y1="170" x2="88" y2="258" stroke="var(--ink-3)" strokeWidth="2" strokeDasharray="5 5" markerEnd="url(#ah)" />
        <rect x="92" y="281" width="158" height="6" fill="url(#airp)" />
        <path d="M244 278l8 6-8 6" fill="none" stroke="currentColor" strokeWidth="2" />
        <rect x="396" y="265" width="124" height="6" fill="url(#airp)" />
        <path d="M514 262l8 6-8 6" fill="none" stroke="currentColor" strokeWidth="2" />
        <rect x="528" y="232" width="96" height="72" rx="6" fill="var(--paper)" stroke="var(--line-strong)" />
        <text x="576" y="264" textAnchor="middle" fontSize="13" fill="currentColor">
          {text('server1')}
        </text>
        <text x="576" y="282" textAnchor="middle" fontSize="13" fill="currentColor">
          {text('server2')}
        </text>
        <g fontSize="13" fontWeight="640">
          <text x="150" y="66" fill="currentColor">
            IMAP
          </text>
          <text x="194" y="222" fill="currentColor">
            POP3
          </text>
          <text x="150" y="306" fill="currentColor">
            SMTP
          </text>
          <text x="440" y="252" fill="currentColor">
            SMTP
          </text>
        </g>
        <g fontSize="12" fill="var(--ink-2)">
          <text x="416" y="88">
            {text('imap1')}
          </text>
          <text x="416" y="105">
            {text('imap2')}
          </text>
          <text x="416" y="122">
            {text('imap3')}
          </text>
          <text x="416" y="164">
            {text('pop1')}
          </text>
          <text x="416" y="181">
            {text('pop2')}
          </text>
        </g>
        <path d="M410 76v52M410 153v34" stroke="var(--line-strong)" />
      </svg>
      <svg
        className="tall"
        viewBox="0 0 300 452"
        role="img"
        aria-label={text('description')}
        style={{ color: 'var(--ink)', fontFamily: 'var(--sans)' }}
      >
        <ArrowAndAirmail arrow="ah2" airmail="airp2" />
        <g fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinejoin="round">
          <rect x="36" y="8" width="30" height="50" rx="5" />
          <path d="M47 51h8" />
          <rect x="124" y="16" width="52" height="36" rx="3" />
          <path d="M117 58h66" />
          <rect x="232" y="14" width="42" height="32" rx="3" />
          <path d="M253 46v8M240 58h26" />
        </g>
        <g fontSize="13" fill="var(--ink-2)" textAnchor="middle">
          <text x="51" y="78">
            {text('phone')}
          </text>
          <text x="150" y="78">
            {text('laptop')}
          </text>
          <text x="253" y="78">
            {text('office')}
          </text>
        </g>
        <line x1="51" y1="92" x2="84" y2="172" stroke="currentColor" strokeWidth="2" markerEnd="url(#ah2)" markerStart="url(#ah2)" />
        <line x1="150" y1="92" x2="138" y2="172" stroke="currentColor" strokeWidth="2" markerEnd="url(#ah2)" markerStart="url(#ah2)" />
        <line x1="190" y1="172" x2="238" y2="92" stroke="var(--ink-3)" strokeWidth="2" strokeDasharray="5 5" markerEnd="url(#ah2)" />
        <path d="M261 92h6v203h-37v-6h31z" fill="url(#airp2)" />
        <path d="M236 286l-8 6 8 6" fill="none" stroke="currentColor" strokeWidth="2" />
        <rect x="36" y="178" width="188" height="140" rx="6" fill="var(--paper)" stroke="var(--line-strong)" />
        <path d="M36 206v-22a6 6 0 0 1 6-6h176a6 6 0 0 1 6 6v22z" fill="var(--post)" />
        <text x="130" y="197" textAnchor="middle" fontSize="14" fontWeight="640" fill="var(--on-post)">
          Postamt
        </text>
        <g fill="var(--sheet)" stroke="var(--line-strong)">
          <rect x="50" y="216" width="76" height="28" rx="2" />
          <rect x="134" y="216" width="76" height="28" rx="2" />
          <rect x="50" y="276" width="160" height="30" rx="2" />
        </g>
        <g fontSize="12" fill="var(--ink)" textAnchor="middle">
          <text x="88" y="234">
            {text('inbox')}
          </text>
          <text x="172" y="234">
            {text('sent')}
          </text>
          <text x="130" y="295">
            {text('outbox')}
          </text>
        </g>
        <text x="130" y="263" fontSize="12" textAnchor="middle" fill="var(--ink-3)">
          {text('mailbox')}
        </text>
        <rect x="127" y="322" width="6" height="58" fill="url(#airp2)" />
        <path d="M124 374l6 8 6-8" fill="none" stroke="currentColor" strokeWidth="2" />
        <rect x="60" y="388" width="140" height="54" rx="6" fill="var(--paper)" stroke="var(--line-strong)" />
        <text x="130" y="411" textAnchor="middle" fontSize="13" fill="currentColor">
          {text('server1')}
        </text>
        <text x="130" y="429" textAnchor="middle" fontSize="13" fill="currentColor">
          {text('server2')}
        </text>
        <g fontSize="13" fontWeight="640" fill="currentColor">
          <text x="76" y="128">
            IMAP
          </text>
          <text x="166" y="148">
            POP3
          </text>
          <text x="226" y="345">
            SMTP
          </text>
          <text x="142" y="356">
            SMTP
          </text>
        </g>
      </svg>
      <figcaption>{text('caption')}</figcaption>
    </figure>
  );
}

/** Each drawing has its own: what stands in one that is not displayed cannot be relied on in the other. */
const ArrowAndAirmail = ({ arrow, airmail }: { arrow: string; airmail: string }) => (
  <defs>
    <marker id={arrow} viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
      <path d="M1 1l8 4-8 4" fill="none" stroke="context-stroke" strokeWidth="1.8" />
    </marker>
    <pattern id={airmail} width="16" height="16" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
      <rect width="4" height="16" fill="var(--air-red)" />
      <rect x="8" width="4" height="16" fill="var(--air-blue)" />
    </pattern>
  </defs>
);
