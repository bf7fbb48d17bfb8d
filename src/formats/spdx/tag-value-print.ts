// SPDX-License-Identifier: Apache-2.0
// Printer of the tag-value form. Reading what it prints gives the same tree, but for members that the form has no tag for:
// unknown members, `crossRefs`, annotations of elements without an id.
import type { JsonObject } from '../document.ts';
import type { SpdxAnnotation, SpdxDocument, SpdxFile, SpdxPackage } from './document.ts';
import type { MemberShape, ShapeName } from './shapes.ts';
import { shapes } from './shapes.ts';
import * as codecs from './tag-value-codecs.ts';
import { printTagLine } from './tag-value-lines.ts';

/** Prints the document; ends with a line break. */
export function printSpdxTagValue(document: SpdxDocument): string {
  const blocks: string[] = [printHead(document)];
  const plan = planFiles(document);
  for (const file of plan.loose) blocks.push(printElement(file, 'file'));
  for (const [index, item] of document.packages.entries()) {
    blocks.push(`##### Package: ${oneLine(item.name ?? '')}`, printElement(item, 'package'));
    for (const file of plan.below.get(index) ?? []) blocks.push(printElement(file, 'file'));
  }
  for (const snippet of document.snippets) {
    const ranges = (snippet.ranges ?? []).map(codecs.printRange).map(([tag, value]) => printTagLine(tag, value));
    blocks.push([printElement(snippet, 'snippet'), ...ranges].join('\n'));
  }
  for (const license of document.hasExtractedLicensingInfos) blocks.push(printElement(license, 'extractedLicense'));
  if (document.relationships.length > 0) {
    const lines = document.relationships.flatMap((item) => [
      printTagLine('Relationship', codecs.printRelationship(item)),
      ...members(item, 'relationship'),
    ]);
    blocks.push('##### Relationships', lines.join('\n'));
  }
  blocks.push(...printAnnotations(document));
  for (const review of document.revieweds ?? []) blocks.push(printElement(review, 'review'));
  return `${blocks.join('\n\n')}\n`;
}

function printHead(document: SpdxDocument): string {
  const creation = document.creationInfo;
  return [...members(document, 'document'), ...(creation === undefined ? [] : members(creation, 'creation'))].join(
    '\n',
  );
}

function printElement(element: object, shape: ShapeName): string {
  return members(element, shape).join('\n');
}

/** One line per value, in the order of the shape; the tag that opens an element comes first in every shape. */
function members(element: object, shape: ShapeName): string[] {
  const source = element as JsonObject;
  const lines: string[] = [];
  for (const member of shapes[shape]) {
    const value = source[member.name];
    if (value === undefined) {
      // Without its first tag an element would be read as part of the one before.
      if (member === shapes[shape][0] && opensElement(shape)) lines.push(`${member.tag}:`);
      continue;
    }
    lines.push(...(Array.isArray(value) ? value : [value]).flatMap((item) => printMember(member, item)));
  }
  return lines;
}

function opensElement(shape: ShapeName): boolean {
  return shape !== 'document' && shape !== 'creation' && shape !== 'relationship' && shape !== 'externalReference';
}

function printMember(member: MemberShape, value: unknown): string[] {
  switch (member.of) {
    case 'externalReference': {
      const line = printTagLine('ExternalRef', codecs.printExternalReference(value as JsonObject));
      return [line, ...members(value as JsonObject, 'externalReference')];
    }
    case 'artifactOf':
      return members(value as JsonObject, 'artifactOf');
    default:
      return member.tag === undefined ? [] : [printTagLine(member.tag, packed(member, value))];
  }
}

function packed(member: MemberShape, value: unknown): string {
  switch (member.of) {
    case 'checksum':
      return codecs.printChecksum(value as JsonObject);
    case 'documentReference':
      return codecs.printDocumentReference(value as JsonObject);
    case 'verificationCode':
      return codecs.printVerificationCode(value as JsonObject);
    default:
      return String(value);
  }
}

/**
 * Which files can stand below their package. Position means containment, so a file goes below a package only when a CONTAINS
 * relationship says the same, and only when the order of the files survives; else all files go before the packages.
 */
function planFiles(document: SpdxDocument): { loose: readonly SpdxFile[]; below: Map<number, SpdxFile[]> } {
  const owners = new Map<string, Set<string>>();
  for (const { spdxElementId: from = '', relationshipType, relatedSpdxElement: to = '' } of document.relationships) {
    if (relationshipType === 'CONTAINS') setOf(owners, to).add(from);
    else if (relationshipType === 'CONTAINED_BY') setOf(owners, from).add(to);
  }
  const isBelow = (file: SpdxFile, item: SpdxPackage): boolean =>
    file.SPDXID !== undefined && item.SPDXID !== undefined && owners.get(file.SPDXID)?.has(item.SPDXID) === true;
  const ids = new Set(document.packages.map((item) => item.SPDXID));
  const isOwned = (id: string): boolean => [...(owners.get(id) ?? [])].some((owner) => ids.has(owner));
  const loose = document.files.filter((file) => file.SPDXID === undefined || !isOwned(file.SPDXID));
  const below = new Map<number, SpdxFile[]>();
  let next = loose.length;
  for (const [index, item] of document.packages.entries()) {
    const run: SpdxFile[] = [];
    for (let file = document.files[next]; file !== undefined && isBelow(file, item); file = document.files[next]) {
      run.push(file);
      next += 1;
    }
    if (run.length > 0) below.set(index, run);
  }
  const inOrder = loose.every((file, index) => document.files[index] === file);
  return inOrder && next === document.files.length ? { loose, below } : { loose: document.files, below: new Map() };
}

function setOf(map: Map<string, Set<string>>, key: string): Set<string> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const fresh = new Set<string>();
  map.set(key, fresh);
  return fresh;
}

function printAnnotations(document: SpdxDocument): string[] {
  const elements: readonly { readonly SPDXID?: string; readonly annotations?: readonly SpdxAnnotation[] }[] = [
    document,
    ...document.packages,
    ...document.files,
    ...document.snippets,
  ];
  return elements.flatMap((element) =>
    (element.annotations ?? []).map((annotation) => {
      const lines = members(annotation, 'annotation');
      return [...lines, ...(element.SPDXID === undefined ? [] : [printTagLine('SPDXREF', element.SPDXID)])].join('\n');
    }),
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 200);
}
