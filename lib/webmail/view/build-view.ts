import { decodeContent } from '../../mime/decode-content.ts';
import { decodeText, isMarkup } from '../../mime/decode-text.ts';
import { htmlToText } from '../../mime/html-to-text.ts';
import { givenName, type LetterPart } from '../../mime/letter-part.ts';
import { parameter } from '../../mime/parse-content-type.ts';
import { planLetter, type LetterPlan, type Shown } from '../../mime/plan-letter.ts';
import { readRtf } from '../../mime/read-rtf.ts';
import { textFormat } from '../../mime/text-format.ts';
import { splitUuencoded } from '../../mime/uuencode.ts';
import { enrichedToHtml } from '../../mime/text-enriched.ts';
import { isTnef, safeFileName, tnefAttachment, toAttachment, uuAttachment } from '../files/attachments.ts';
import { type CalendarInvitation, readInvitation } from '../calendar/invitation.ts';
import { type DeliveryOutcome, readDeliveryReport } from './delivery-outcome.ts';
import { joinOutcomes, readPlainBounce } from './plain-bounce.ts';
import { escapeHtml } from '../html/escape-html.ts';
import { sealedImageAddress } from '../remote/seal-image-address.ts';
import type { LetterNote } from './letter-note.ts';
import { messagePartText } from './message-part-text.ts';
import type { LetterView, PartBytes, ViewOptions } from './letter-view.ts';
import type { DrawingCost } from '../html/drawing-cost.ts';
import { sanitizeMailHtml } from '../html/sanitize-mail-html.ts';
import { blocksToHtml } from './text-html.ts';
import { firstBlocks } from './first-blocks.ts';
import { textBlocks, textOfBlocks } from './text-blocks.ts';
import { readTnef, textOfTnef } from './read-tnef.ts';
import { findPicture, pictureNames, type PictureNames } from '../html/find-picture.ts';
import { type Piece, plainPiece, shownInstead, tailOfBlocks, tailOfPieces, withTail } from './view-piece.ts';
import { holdsPgpMessage, withoutArmour } from '../../mime/clear-signed.ts';
import type { Attachment } from '../reading/mail-message.ts';

/** A letter for the page, from the bytes of its text parts. `cost`: of all that is drawn with it. Runs in a worker: what is slow here is ended there. */
export function buildView(root: LetterPart, parts: readonly PartBytes[], options: ViewOptions, cost: DrawingCost): LetterView {
  return new ViewBuilder(root, parts, options, cost).build();
}

class ViewBuilder {
  private readonly plan: LetterPlan;
  private readonly bytes: Map<string, PartBytes>;
  private readonly pictures: (PictureNames & { part: LetterPart })[];
  private readonly options: ViewOptions;
  private readonly used = new Set<string>();
  private readonly notes: LetterNote[] = [];
  private blockedImages = 0;
  private removedTrackers = 0;
  private cut = false;
  /** text of winmail.dat, for letters that have no other */
  private readonly wrapped: Piece[] = [];
  private room: number;
  private scopes = 0;
  /** files that stand in the text itself */
  private inText: Attachment[] = [];
  private calendar: CalendarInvitation | null = null;
  private armour: LetterNote | null = null;
  private hasForm = false;
  private readonly cost: DrawingCost;

  constructor(root: LetterPart, parts: readonly PartBytes[], options: ViewOptions, cost: DrawingCost) {
    this.cost = cost;
    this.plan = planLetter(root);
    this.pictures = this.plan.related.map((part) => ({ part, ...pictureNames(part) }));
    this.bytes = new Map(parts.map((part) => [part.section, part]));
    this.options = options;
    this.room = options.characters;
  }

  build(): LetterView {
    this.calendar = this.readCalendars();
    // a picture may stand before the HTML that shows it
    const shown = this.plan.shown.flatMap((one) => this.show(one)).filter(({ picture }) => !picture || !this.used.has(picture));
    const listed = this.attachments();
    const pieces = shown.every((piece) => piece.empty) ? [...shown, ...this.wrapped] : shown;
    const isEmpty =
      listed.length + this.inText.length + this.plan.reports.length === 0 && !this.calendar && pieces.every(({ empty }) => empty);
    const attachments = isEmpty ? this.asTheyCame() : listed;
    const { files } = this.plan;
    const onlyPgp = files.length > 0 && files.every(isPgpFile) && pieces.every((piece) => piece.empty);
    const seal = this.plan.seal ?? this.armour ?? (onlyPgp ? 'pgp-encrypted' : null);
    if (seal) this.notes.push(seal);
    if (this.hasForm) this.notes.push('form');
    // HTML that shows nothing is no text, and is said to be none
    const rich = pieces.some((piece) => piece.rich && !piece.empty);
    const blocks = pieces.flatMap((piece) => piece.blocks);
    return {
      html: rich ? pieces.map((piece) => piece.html).join('') : '',
      blocks: rich ? [] : blocks,
      text: pieces
        .map((piece) => (piece.rich ? htmlToText(piece.html.slice(0, mostCompared)) : textOfBlocks(piece.blocks)))
        .join('\n\n')
        .trim(),
      blockedImages: this.blockedImages,
      removedTrackers: this.removedTrackers,
      cut: this.cut,
      notes: this.notes,
      calendar: this.calendar,
      outcomes: this.outcomes(pieces),
      attachments: [...attachments, ...this.inText],
      tailQuote: rich ? tailOfPieces(pieces) : tailOfBlocks(blocks),
    };
  }

  private outcomes(pieces: readonly Piece[]): DeliveryOutcome[] {
    const { report } = this.options;
    const said = this.plan.reports.flatMap((part) => readDeliveryReport(this.textOf(part) ?? ''));
    const blocks = pieces.some((piece) => piece.rich) ? [] : pieces.flatMap((piece) => piece.blocks);
    const inWords = report === null ? [] : readPlainBounce(textOfBlocks(blocks), report);
    return joinOutcomes(said, inWords);
  }

  private show(shown: Shown): Piece[] {
    if (shown.kind === 'picture') return this.picture(shown.part);
    if (shown.kind === 'text') return this.text(shown.part);
    let last: Piece[] = [];
    for (const choice of shown.choices) {
      const before = [this.room, this.blockedImages, this.removedTrackers, this.cut, this.inText] as const;
      const pieces = choice.flatMap((one) => this.show(one));
      if (pieces.some((piece) => !piece.empty)) return pieces;
      [this.room, this.blockedImages, this.removedTrackers, this.cut, this.inText] = before;
      if (last.length === 0) last = pieces;
    }
    return last;
  }

  private text(part: LetterPart): Piece[] {
    const decoded = this.textOf(part);
    if (decoded === null) return [];
    if (part.subtype === 'partial') this.notes.push('partial');
    const source = decoded.slice(0, this.room);
    if (source.length < decoded.length) this.cut = true;
    this.room -= source.length;
    const enriched = part.subtype === 'enriched' || part.subtype === 'richtext';
    if (enriched || isMarkup(part)) return [this.markup(enriched ? enrichedToHtml(source) : source)];
    if (part.subtype === 'rtf') return [this.rtf(source)];
    const { text, files } = splitUuencoded(source);
    this.inText = [...this.inText, ...files.map((file, at) => uuAttachment(part, this.options.partPrefix, at, file))];
    const bare = withoutArmour(text);
    if (bare !== null) this.armour ??= 'pgp-signature';
    else if (holdsPgpMessage(text)) this.armour ??= 'pgp-encrypted';
    const blocks = textBlocks(bare ?? text, textFormat(part));
    const shown = firstBlocks(blocks, Math.ceil(this.options.characters / asMuchHtml));
    if (shown !== blocks) this.cut = true;
    return [plainPiece(withTail(shown))];
  }

  private rtf(source: string): Piece {
    const { html, text } = readRtf(source);
    return html ? this.markup(html) : plainPiece(textBlocks(text));
  }

  private markup(source: string): Piece {
    const clean = sanitizeMailHtml(source, {
      cost: this.cost,
      scope: `${'mnopq'[this.options.depth ?? 0] ?? 'r'}${this.scopes++}`,
      dark: this.options.dark,
      inlineImage: (reference, unseen) => this.inlineImage(reference, unseen),
      remoteImage: this.options.images === 'shown' ? (url) => sealedImageAddress(url, this.options.imageKey) : null,
    });
    this.blockedImages += clean.blockedImages;
    this.removedTrackers += clean.removedTrackers;
    this.hasForm ||= clean.form && !clean.empty;
    const instead = shownInstead(source, clean);
    if (instead && instead.text !== '') {
      const blocks = textBlocks(instead.text);
      return { html: blocksToHtml(blocks), blocks, empty: instead.empty, rich: false, tailQuote: '' };
    }
    return { html: clean.html, blocks: [], empty: clean.empty, rich: true, tailQuote: clean.tailQuote };
  }

  private picture(part: LetterPart): Piece[] {
    const name = safeFileName(givenName(part));
    return [
      {
        html: `<p class="mail-picture" data-part="${part.section}"><img src="${escapeHtml(this.address(part))}" alt="${escapeHtml(name)}"></p>`,
        blocks: [],
        empty: false,
        rich: true,
        tailQuote: '',
        picture: part.section,
      },
    ];
  }

  private inlineImage(reference: string, unseen: boolean): string | null {
    const part = findPicture(this.pictures, reference)?.part;
    if (!part) return null;
    // what only a style sheet for telephones may show is offered besides
    if (!unseen) this.used.add(part.section);
    return this.address(part);
  }

  private address(part: LetterPart): string {
    return `${this.options.partAddress}${encodeURIComponent(this.options.partPrefix + part.section)}&open=1`;
  }

  private attachments(): Attachment[] {
    const shownPictures = new Set(this.plan.shown.flatMap((shown) => (shown.kind === 'picture' ? [shown.part.section] : [])));
    const files: Attachment[] = [];
    const add = (part: LetterPart): void => void files.push(toAttachment(part, this.options.partPrefix));
    for (const part of this.plan.files) {
      if (this.used.has(part.section) && part.disposition !== 'attachment') continue;
      const unpacked = isTnef(part) ? this.unpack(part) : null;
      if (unpacked) files.push(...unpacked);
      else add(part);
    }
    for (const part of this.plan.related) {
      const offered = this.used.has(part.section) || shownPictures.has(part.section) || this.plan.files.includes(part);
      if (!offered) add(part);
    }
    return files;
  }

  /** What holds no file and no text (a receipt of Outlook) is offered where there is nothing else. */
  private asTheyCame(): Attachment[] {
    return this.plan.files.filter(isTnef).map((part) => toAttachment(part, this.options.partPrefix));
  }

  /** The files in winmail.dat; null if it cannot be read, so that it is offered as it is. */
  private unpack(part: LetterPart): Attachment[] | null {
    const found = this.bytes.get(part.section);
    const content = found && !found.cut ? readTnef(decodeContent(Buffer.from(found.bytes), part.encoding)) : null;
    if (!content) {
      this.notes.push('tnef-unreadable');
      return null;
    }
    const { html, text } = textOfTnef(content);
    if (html !== '' || text !== '') this.wrapped.push(html ? this.markup(html) : plainPiece(textBlocks(text)));
    return content.files.map((file, at) => tnefAttachment(part, this.options.partPrefix, at, file));
  }

  /** The first invitation that can be read; what cannot, and others, are offered as files. */
  private readCalendars(): CalendarInvitation | null {
    let first: CalendarInvitation | null = null;
    for (const part of this.plan.calendars) {
      const found = readInvitation(this.textOf(part) ?? '', parameter(part.parameters, 'method') ?? '');
      // what the card does not say is in the file
      const isSaid =
        found !== null && found.others === 0 && (first === null || (first.uid === found.uid && first.instance === found.instance));
      if (!isSaid && !this.plan.files.includes(part)) this.plan.files.push(part);
      first ??= found;
    }
    return first;
  }

  /** Decoded; null if it was not brought. */
  private textOf(part: LetterPart): string | null {
    const found = this.bytes.get(part.section);
    if (!found) {
      this.cut = true;
      return null;
    }
    if (found.cut) this.cut = true;
    const bytes = Buffer.from(found.bytes.buffer, found.bytes.byteOffset, found.bytes.byteLength);
    return messagePartText(part, bytes) ?? decodeText(bytes, part);
  }
}

/** Each part of the letter is encrypted by itself, as plug-ins did before PGP/MIME: there is no text beside it. */
const isPgpFile = (part: LetterPart): boolean => /\.(pgp|gpg)$|^encrypted\.asc$/i.test(givenName(part));

/** How much more HTML than plain text is shown at once. */
const asMuchHtml = 3;
/** Characters of HTML whose text is wanted: for the preview, and to know its words in an answer's quotation. */
const mostCompared = 500_000;
