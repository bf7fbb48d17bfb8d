// SPDX-License-Identifier: Apache-2.0
// Checks of SPDX 2.x documents beyond their syntax: mandatory members, forms of ids and dates, references to elements that exist.
// All are remarks: a document that breaks them can still be read.
import type { Problem } from '../../model/problem.ts';
import type { JsonObject } from '../document.ts';
import type { SpdxDocument, SpdxReading } from './document.ts';
import type { MemberShape, ShapeName } from './shapes.ts';
import { shapes } from './shapes.ts';

/** Returns what the document lacks, in document order. `reading` gives the places. */
export function validateSpdx(reading: SpdxReading): readonly Problem[] {
  if (reading.document === undefined) return [];
  const problems: Problem[] = [];
  const report = (element: object, message: string): void => {
    problems.push({ kind: 'schema', message, location: reading.locate(element), hidesFindings: false });
  };
  checkMembers(reading.document, 'document', report);
  checkReferences(reading.document, report);
  return problems;
}

type Report = (element: object, message: string) => void;

/** 2.3 made these optional; the table of shapes follows 2.3. */
const mandatoryIn22: Partial<Record<ShapeName, readonly string[]>> = {
  package: ['licenseConcluded', 'licenseDeclared', 'copyrightText'],
  file: ['licenseConcluded', 'licenseInfoInFiles', 'copyrightText'],
};

function checkMembers(document: SpdxDocument, shape: ShapeName, report: Report): void {
  const is22 = document.spdxVersion === 'SPDX-2.2';
  const visit = (element: JsonObject, name: ShapeName): void => {
    for (const member of shapes[name]) {
      const value = element[member.name];
      const mandatory = member.required === true || (is22 && mandatoryIn22[name]?.includes(member.name) === true);
      if (value === undefined && mandatory) report(element, `${name}: ${member.name} is missing`);
      if (value !== undefined) checkForm(element, member, report);
      if (member.of === undefined || member.of === 'any') continue;
      for (const item of Array.isArray(value) ? value : value === undefined ? [] : [value]) {
        visit(item as JsonObject, member.of);
      }
    }
  };
  visit(document as unknown as JsonObject, shape);
}

/** Forms that the official JSON schema or the clauses give. */
const forms: Readonly<Record<string, RegExp>> = {
  SPDXID: /^SPDXRef-[A-Za-z0-9.-]+$/,
  created: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/,
  annotationDate: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/,
  annotationType: /^(?:REVIEW|OTHER)$/,
  referenceCategory: /^(?:OTHER|PERSISTENT-ID|SECURITY|PACKAGE-MANAGER)$/,
  algorithm:
    /^(?:SHA1|SHA224|SHA256|SHA384|SHA512|SHA3-256|SHA3-384|SHA3-512|BLAKE2b-256|BLAKE2b-384|BLAKE2b-512|BLAKE3|MD2|MD4|MD5|MD6|ADLER32)$/,
  licenseId: /^LicenseRef-[A-Za-z0-9.-]+$/,
  externalDocumentId: /^DocumentRef-[A-Za-z0-9.+-]+$/,
  primaryPackagePurpose:
    /^(?:OTHER|INSTALL|ARCHIVE|FIRMWARE|APPLICATION|FRAMEWORK|LIBRARY|CONTAINER|SOURCE|DEVICE|OPERATING-SYSTEM|OPERATING_SYSTEM|FILE)$/,
};

function checkForm(element: JsonObject, member: MemberShape, report: Report): void {
  const value = element[member.name];
  const form = forms[member.name];
  if (form === undefined || typeof value !== 'string' || (value.length <= 1_000 && form.test(value))) return;
  report(element, `${member.name}: ${JSON.stringify(value.slice(0, 60))} does not have the form that SPDX asks for`);
}

function checkReferences(document: SpdxDocument, report: Report): void {
  const ids = new Set<string>();
  for (const element of [document, ...document.packages, ...document.files, ...document.snippets]) {
    if (element.SPDXID === undefined) continue;
    if (ids.has(element.SPDXID)) report(element, `the id ${element.SPDXID} is given twice`);
    ids.add(element.SPDXID);
  }
  const documents = new Set(document.externalDocumentRefs.map((item) => item.externalDocumentId));
  const exists = (id: string): boolean => {
    if (ids.has(id) || id === 'NONE' || id === 'NOASSERTION') return true;
    const colon = id.indexOf(':');
    return colon > 0 && documents.has(id.slice(0, colon));
  };
  for (const relationship of document.relationships) {
    for (const id of [relationship.spdxElementId, relationship.relatedSpdxElement]) {
      if (id !== undefined && !exists(id)) report(relationship, `the relationship names ${id}, which does not exist`);
    }
  }
  for (const snippet of document.snippets) {
    const file = snippet.snippetFromFile;
    if (file !== undefined && !exists(file)) report(snippet, `the snippet is from ${file}, which does not exist`);
  }
}
