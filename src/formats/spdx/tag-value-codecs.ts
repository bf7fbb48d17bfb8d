// SPDX-License-Identifier: Apache-2.0
// Values that the tag-value form packs into one line, both ways. Missing parts stay undefined; nothing is rejected here.
import type { JsonObject } from '../document.ts';
import type {
  SpdxChecksum,
  SpdxDocumentReference,
  SpdxExternalReference,
  SpdxPointer,
  SpdxRange,
  SpdxRelationship,
  SpdxVerificationCode,
} from './document.ts';

/** Leaves out the members that are undefined or empty, so that the tree equals the one read from JSON. */
function compact(parts: Record<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined && value !== ''));
}

/** Cuts off the first word; the rest is trimmed. */
function word(text: string): readonly [string, string] {
  const trimmed = text.trim();
  const at = trimmed.search(/\s/);
  return at === -1 ? [trimmed, ''] : [trimmed.slice(0, at), trimmed.slice(at).trim()];
}

/** `SHA1: 85ed08...` */
export function readChecksum(value: string): SpdxChecksum {
  const at = value.indexOf(':');
  if (at === -1) return compact({ checksumValue: value.trim() });
  return { algorithm: value.slice(0, at).trim(), checksumValue: value.slice(at + 1).trim() };
}

export function printChecksum(checksum: SpdxChecksum): string {
  return `${checksum.algorithm ?? ''}: ${checksum.checksumValue ?? ''}`;
}

/** `PACKAGE-MANAGER purl pkg:npm/a@1` */
export function readExternalReference(value: string): SpdxExternalReference {
  const [category, rest] = word(value);
  const [type, locator] = word(rest);
  const referenceCategory = category.replaceAll('_', '-');
  return compact({ referenceCategory, referenceType: type, referenceLocator: locator });
}

export function printExternalReference(reference: SpdxExternalReference): string {
  const { referenceCategory, referenceType, referenceLocator } = reference;
  return `${referenceCategory ?? 'OTHER'} ${referenceType ?? 'unknown'} ${referenceLocator ?? ''}`;
}

/** `DocumentRef-lib https://example.com/lib SHA1: 58e4...` */
export function readDocumentReference(value: string): SpdxDocumentReference {
  const [externalDocumentId, rest] = word(value);
  const [spdxDocument, checksum] = word(rest);
  return compact({ externalDocumentId, spdxDocument, checksum: checksum === '' ? undefined : readChecksum(checksum) });
}

export function printDocumentReference(reference: SpdxDocumentReference): string {
  const checksum = reference.checksum === undefined ? '' : ` ${printChecksum(reference.checksum)}`;
  return `${reference.externalDocumentId ?? ''} ${reference.spdxDocument ?? ''}${checksum}`;
}

/** `d6a770ba... (excludes: ./package.spdx, ./other.spdx)`; the word `excludes:` is missing in some old documents. */
export function readVerificationCode(value: string): SpdxVerificationCode {
  const at = value.indexOf('(');
  if (at === -1) return { packageVerificationCodeValue: value.trim() };
  const end = value.lastIndexOf(')');
  const inner = value.slice(at + 1, end > at ? end : value.length).replace(/^\s*excludes:/i, '');
  const files = inner
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return {
    packageVerificationCodeValue: value.slice(0, at).trim(),
    ...(files.length === 0 ? {} : { packageVerificationCodeExcludedFiles: files }),
  };
}

export function printVerificationCode(code: SpdxVerificationCode): string {
  const files = code.packageVerificationCodeExcludedFiles ?? [];
  const excludes = files.length === 0 ? '' : ` (excludes: ${files.join(', ')})`;
  return `${code.packageVerificationCodeValue ?? ''}${excludes}`;
}

/** `310:420` */
export function readRange(value: string, unit: 'offset' | 'lineNumber'): SpdxRange {
  const [start = '', end = ''] = value.split(':');
  const pointer = (text: string): SpdxPointer | undefined =>
    /^\s*[0-9]{1,15}\s*$/.test(text) ? { [unit]: Number(text) } : undefined;
  return compact({ startPointer: pointer(start), endPointer: pointer(end) });
}

export function printRange(range: SpdxRange): readonly [tag: 'SnippetByteRange' | 'SnippetLineRange', value: string] {
  const { startPointer, endPointer } = range;
  const bytes = startPointer?.offset !== undefined || endPointer?.offset !== undefined;
  if (bytes) return ['SnippetByteRange', `${startPointer?.offset ?? ''}:${endPointer?.offset ?? ''}`];
  return ['SnippetLineRange', `${startPointer?.lineNumber ?? ''}:${endPointer?.lineNumber ?? ''}`];
}

/** `SPDXRef-a DEPENDS_ON SPDXRef-b` */
export function readRelationship(value: string): SpdxRelationship {
  const [spdxElementId, rest] = word(value);
  const [relationshipType, relatedSpdxElement] = word(rest);
  return compact({ spdxElementId, relationshipType, relatedSpdxElement });
}

export function printRelationship(relationship: SpdxRelationship): string {
  const { spdxElementId, relationshipType, relatedSpdxElement } = relationship;
  return `${spdxElementId ?? ''} ${relationshipType ?? ''} ${relatedSpdxElement ?? ''}`;
}
