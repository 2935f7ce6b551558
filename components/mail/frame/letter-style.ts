/** What a letter says in attributes of old HTML (rebuild-attributes.ts): weaker than anything that its style sheets say. */
const hinted = ['background-color', 'background-image', 'border-color', 'color']
  .map((property) => `:where([style*="--hint-${property}:"]){${property}:var(--hint-${property})}`)
  .join('');

/** How a letter stands wherever it is shown: in its frame (app/api/mail/frame/route.ts) and on paper (frame-print.ts). */
export const letterStyle = `${hinted}img:not([height]),img[style*="aspect-ratio"]{height:auto}
p.mail-text{white-space:pre-wrap;unicode-bidi:plaintext;text-align:start;margin:0 0 .85em}
[data-field]{border:1px solid light-dark(#c9c2b2,#4f5668);border-radius:4px;padding:0 5px}p.mail-picture{margin:0 0 .85em}.mail-page{box-sizing:border-box}.mail-page[style*="background"]{padding:8px}.mail-page,body>div,:host>div>div{overflow:visible!important;height:auto!important;max-height:none!important;visibility:visible!important;opacity:1!important}.mail-page>:first-child{margin-top:0}.mail-page>:last-child{margin-bottom:0}[hidden]{display:none!important}`;

/** What asks for more room than there is gives way (rebuild-attributes.ts). */
export const wideGivesWay =
  '[data-wide]:not(td,th,img){width:100%!important;min-width:0!important;max-width:var(--wide,100%)!important;box-sizing:border-box!important}';
