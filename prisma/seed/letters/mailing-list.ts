import type { Letter, Person } from '../letter.ts';

const list: Person = { name: 'timber-frame', address: 'timber-frame@lists.openjoinery.example' };
const headers = {
  'List-Id': 'Timber framing and joinery <timber-frame.lists.openjoinery.example>',
  'List-Post': '<mailto:timber-frame@lists.openjoinery.example>',
  'List-Unsubscribe': '<mailto:timber-frame-request@lists.openjoinery.example?subject=unsubscribe>',
  'List-Archive': '<https://lists.openjoinery.example/archive/timber-frame/>',
  Precedence: 'list',
  Sender: 'timber-frame-bounces@lists.openjoinery.example',
};
const subject = '[timber-frame] Scarf joint in a visible ridge beam?';
const footer = `

_______________________________________________
timber-frame mailing list
timber-frame@lists.openjoinery.example
https://lists.openjoinery.example/listinfo/timber-frame`;

/** A discussion on a mailing list, as Mailman would send it. */
export const mailingList: Letter[] = [
  {
    id: 'scarf-1',
    at: [4, '21:17'],
    from: { name: 'Owen Pritchard', address: 'owen@pritchard-carpentry.example' },
    to: [list],
    subject,
    headers,
    text: `Hello all,

I have a ridge beam of 11.2 m and no lorry that gets round the last bend with more than 8 m. The beam stays visible, so steel plates are out. Has anybody done a stop-splayed and tabled scarf with key at this span and lived to tell?

Owen${footer}`,
    marks: ['seen'],
  },
  {
    id: 'scarf-2',
    at: [3, '07:50'],
    from: { name: 'Mirjam de Vries', address: 'mirjam@houtbouw-devries.example' },
    to: [list],
    subject: `Re: ${subject}`,
    answers: 'scarf-1',
    headers,
    text: `Hi Owen,

Yes, twice. Put the joint at the point of zero moment (roughly a fifth of the span from the support), make it four times the depth long, and use two keys of dry oak. Both are still straight after nine winters.

Mirjam${footer}`,
    marks: ['seen'],
  },
  {
    id: 'scarf-3',
    at: [3, '22:41'],
    from: { name: 'Owen Pritchard', address: 'owen@pritchard-carpentry.example' },
    to: [list],
    subject: `Re: ${subject}`,
    answers: 'scarf-2',
    headers,
    text: `Mirjam, that is exactly what I hoped to hear. Do you peg it as well, or do the keys do all the work?

Owen${footer}`,
  },
  {
    id: 'scarf-4',
    at: [1, '08:26'],
    from: { name: 'Mirjam de Vries', address: 'mirjam@houtbouw-devries.example' },
    to: [list],
    subject: `Re: ${subject}`,
    answers: 'scarf-3',
    headers,
    text: `Keys for the tension, pegs only so that it does not open while you lift it. Take them out afterwards if you like the look better.

Mirjam${footer}`,
  },
];
