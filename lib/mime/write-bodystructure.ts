import { type Entity, isMultipart } from './entity.ts';
import type { MimeLimits } from './limits.ts';
import { type Parameter, parameter, parseParameterised, removeComments } from './parse-content-type.ts';
import { findField } from './parse-header.ts';
import { type AddressBudget, writeEnvelope } from './write-envelope.ts';
import { wireString } from './wire-string.ts';

/**
 * BODYSTRUCTURE, or with `extensible` false BODY (RFC 9051 section 7.5.2), one byte a character. Sizes are octets of the encoded body,
 * lines are line ends in it. Types are lower case; parameters stand as in the header (RFC 2231 is the client's matter).
 */
export function writeBodyStructure(root: Entity, extensible: boolean, limits: MimeLimits): string {
  return write(root, { extensible, maxParameters: limits.parameters, addresses: { left: limits.addresses } });
}

interface Style {
  extensible: boolean;
  maxParameters: number;
  addresses: AddressBudget;
}

function write(entity: Entity, style: Style): string {
  const { extensible, maxParameters } = style;
  if (isMultipart(entity)) {
    let result = '(';
    for (const child of entity.children) result += write(child, style);
    result += ` ${wireString(entity.subtype)}`;
    if (extensible) result += ` ${writeParameters(entity.parameters)}${writeExtension(entity, maxParameters)}`;
    return `${result})`;
  }
  let parameters = entity.parameters;
  if (entity.type === 'text' && parameter(parameters, 'charset') === undefined) {
    parameters = [{ name: 'charset', value: 'us-ascii' }, ...parameters];
  }
  let result =
    `(${wireString(entity.type)} ${wireString(entity.subtype)} ${writeParameters(parameters)} ${writeField(entity, 'content-id')} ` +
    `${writeField(entity, 'content-description')} ${wireString(entity.encoding)} ${entity.bodyEnd - entity.bodyStart}`;
  if (entity.message !== null) {
    result += ` ${writeEnvelope(entity.message.fields, style.addresses)} ${write(entity.message, style)} ${entity.lines}`;
  } else if (entity.type === 'text') result += ` ${entity.lines}`;
  if (extensible) result += ` ${writeField(entity, 'content-md5')}${writeExtension(entity, maxParameters)}`;
  return `${result})`;
}

/** Disposition, language, location: what ends both kinds of body. */
function writeExtension(entity: Entity, maxParameters: number): string {
  return ` ${writeDisposition(findField(entity.fields, 'content-disposition'), maxParameters)} ${writeLanguage(
    findField(entity.fields, 'content-language'),
  )} ${writeField(entity, 'content-location')}`;
}

function writeDisposition(field: string | undefined, maxParameters: number): string {
  if (!field) return 'NIL';
  const { value, parameters } = parseParameterised(field, maxParameters);
  // a disposition without a name is treated as attachment (RFC 2183 section 2.8)
  return `(${wireString(value.toLowerCase() || 'attachment')} ${writeParameters(parameters)})`;
}

function writeLanguage(field: string | undefined): string {
  if (!field) return 'NIL';
  const tags = removeComments(field)
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  return tags.length === 0 ? 'NIL' : `(${tags.map(wireString).join(' ')})`;
}

function writeParameters(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return 'NIL';
  return `(${parameters.map(({ name, value }) => `${wireString(name)} ${wireString(value)}`).join(' ')})`;
}

function writeField(entity: Entity, key: string): string {
  const value = findField(entity.fields, key);
  return value ? wireString(value) : 'NIL';
}
