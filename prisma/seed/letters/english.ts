import { erika, type Letter, max } from '../letter.ts';

const james = { name: 'James Whitfield', address: 'james.whitfield@northgate-timber.example' };
const priya = { name: 'Priya Raman', address: 'priya@hallmark-interiors.example' };

/** English business mail, with threads both ways. */
export const english: Letter[] = [
  {
    id: 'cladding-1',
    at: [14, '10:11'],
    from: james,
    subject: 'Larch cladding: order NG-20931',
    text: `Dear Max,

Thank you for your call yesterday. We can offer 340 m² of Siberian larch cladding, 26 × 146 mm, grade A, planed and grooved, at €58.40 per m² delivered to Graz.

Lead time is four weeks from confirmation. The certificate of origin will travel with the goods, as your client requested.

Kind regards,
James Whitfield
Northgate Timber Ltd, Leeds`,
    marks: ['seen', 'answered'],
  },
  {
    id: 'cladding-2',
    at: [13, '08:44'],
    from: max,
    to: [james],
    subject: 'Re: Larch cladding: order NG-20931',
    answers: 'cladding-1',
    text: `Dear James,

The price is fine. Could you split the delivery? 200 m² in the second week of January and the rest at the end of the month; we have no dry storage for all of it.

Best regards,
Max`,
    marks: ['seen'],
  },
  {
    id: 'cladding-3',
    at: [12, '11:02'],
    from: james,
    cc: [erika],
    subject: 'Re: Larch cladding: order NG-20931',
    answers: 'cladding-2',
    text: `Dear Max,

No problem at all. Two drops it is: 12 January and 28 January, with a surcharge of €180 for the second lorry. The order confirmation is attached. Please countersign and send it back by Friday so that I can hold the slot.

Kind regards,
James`,
    attachments: [
      {
        filename: 'Order_confirmation_NG-20931.pdf',
        pdf: {
          title: 'Order confirmation NG-20931',
          lines: [
            'Northgate Timber Ltd, Leeds',
            '',
            'Siberian larch 26 x 146 mm, grade A, 340 m2',
            'First delivery 12 January, 200 m2',
            'Second delivery 28 January, 140 m2',
            '',
            'Total EUR 20,036.00',
          ],
        },
      },
    ],
    marks: ['seen', 'answered', 'flagged'],
  },
  {
    id: 'cladding-4',
    at: [11, '16:30'],
    from: max,
    to: [james],
    cc: [erika],
    subject: 'Re: Larch cladding: order NG-20931',
    answers: 'cladding-3',
    text: `Dear James,

Signed copy is in the post, and this mail is my confirmation in the meantime. Both dates work for us.

Best regards,
Max`,
    marks: ['seen'],
  },
  {
    id: 'kitchen-1',
    at: [7, '12:25'],
    from: priya,
    subject: 'Rosenhain kitchen: niche dimensions',
    text: `Hi Max,

Before we release the worktop for cutting: the niche on your drawing R-14 is 2,412 mm, but our surveyor measured 2,398 mm on site, and that is without plaster.

Which one should we build to?

Thanks,
Priya`,
    marks: ['seen', 'answered'],
    folder: 'Projekte/Villa Rosenhain',
  },
  {
    id: 'kitchen-2',
    at: [7, '13:10'],
    from: max,
    to: [priya],
    subject: 'Re: Rosenhain kitchen: niche dimensions',
    answers: 'kitchen-1',
    text: `Hi Priya,

Good catch. Please build to 2,385 mm: 2,398 minus plaster minus a little air. I will have R-14 corrected today.

Max`,
    marks: ['seen'],
  },
  {
    id: 'kitchen-3',
    at: [6, '09:02'],
    from: priya,
    subject: 'Re: Rosenhain kitchen: niche dimensions',
    answers: 'kitchen-2',
    text: `Perfect, releasing at 2,385 mm. Installation stays on 20 January. 🙌

Priya`,
    marks: ['seen'],
    folder: 'Projekte/Villa Rosenhain',
  },
  {
    id: 'speaker',
    at: [16, '14:47'],
    from: { name: 'Timber Construction Europe', address: 'programme@timber-construction.example' },
    subject: 'Your talk at Timber Construction Europe 2027 is confirmed',
    text: `Dear Mr Muster,

We are delighted to confirm your talk "Building upwards: timber roofs on nineteenth-century houses" on Thursday, 22 April 2027, at 11:15 in Hall B.

Please send us a portrait and a short biography (no more than 80 words) by 15 January. Travel and two nights will be arranged by us.

With kind regards,
Ingeborg Haugland
Programme committee`,
    html: 'from-text',
    marks: ['seen', 'flagged'],
  },
  {
    id: 'enquiry-en',
    at: [1, '20:14'],
    from: { name: 'Caroline Archer', address: 'c.archer@archer-mews.example' },
    subject: 'Enquiry: attic conversion in Graz-Geidorf',
    text: `Hello,

We have bought a flat with an unused attic above it in Geidorf and were given your name by the Hödl family. Would you have time to look at it with us before Christmas? We speak some German, but building German is beyond us.

Many thanks in advance,
Caroline and Tom Archer`,
  },
];
