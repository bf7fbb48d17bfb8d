// SPDX-License-Identifier: Apache-2.0
// Checks of SPDX 3.0 graphs beyond their syntax: mandatory members of the classes this program reads or writes, and references.
// All are remarks: a graph that breaks them can still be read.
import type { Problem } from '../../model/problem.ts';
import type { JsonObject } from '../document.ts';
import { asStrings } from '../document.ts';
import type { Spdx3Document, Spdx3Reading } from './spdx3.ts';
import { idOf, idsOf, nodesOf, typeOf } from './spdx3.ts';

/** Mandatory members by class (properties with "minCount: 1" of the model). */
const mandatory: Readonly<Record<string, readonly string[]>> = {
  CreationInfo: ['specVersion', 'created', 'createdBy'],
  Relationship: ['from', 'relationshipType', 'to'],
  LifecycleScopedRelationship: ['from', 'relationshipType', 'to'],
  Annotation: ['annotationType', 'subject'],
  Hash: ['algorithm', 'hashValue'],
  ExternalIdentifier: ['externalIdentifierType', 'identifier'],
  ExternalMap: ['externalSpdxId'],
  NamespaceMap: ['prefix', 'namespace'],
  software_Package: ['name'],
  software_File: ['name'],
  software_Snippet: ['software_snippetFromFile'],
  simplelicensing_LicenseExpression: ['simplelicensing_licenseExpression'],
  simplelicensing_SimpleLicensingText: ['simplelicensing_licenseText'],
};

/** Members that hold ids of elements. */
const references = [
  'from',
  'to',
  'rootElement',
  'element',
  'subject',
  'createdBy',
  'createdUsing',
  'suppliedBy',
  'originatedBy',
];

/** Returns what the graph lacks, in graph order. */
export function validateSpdx3(reading: Spdx3Reading): readonly Problem[] {
  const document = reading.document;
  if (document === undefined) return [];
  const problems: Problem[] = [];
  const report = (element: object, message: string): void => {
    problems.push({ kind: 'schema', message, location: reading.locate(element), hidesFindings: false });
  };
  const imported = importedIds(document);
  const seen = new Set<string>();
  for (const node of document.elements) {
    const type = typeOf(node);
    const id = idOf(node);
    if (type !== 'CreationInfo') {
      if (id === undefined) report(node, `${type}: spdxId is missing`);
      else if (seen.has(id)) report(node, `the id ${id} is given twice`);
      if (nodesOf(document, node, 'creationInfo').length === 0) report(node, `${type}: creationInfo is missing`);
    }
    if (id !== undefined) seen.add(id);
    checkMandatory(node, report);
    for (const name of references) {
      for (const target of idsOf(node, name)) {
        if (document.byId.has(target) || imported.has(target) || isIndividual(target)) continue;
        report(node, `${type}: ${name} names ${target}, which is neither here nor imported`);
      }
    }
  }
  return problems;
}

function checkMandatory(node: JsonObject, report: (element: object, message: string) => void): void {
  const type = typeOf(node);
  for (const name of Object.hasOwn(mandatory, type) ? (mandatory[type] ?? []) : []) {
    const value = node[name];
    if (value === undefined || (Array.isArray(value) && value.length === 0))
      report(node, `${type}: ${name} is missing`);
  }
}

function importedIds(document: Spdx3Document): Set<string> {
  const maps = document.elements.flatMap((node) => nodesOf(document, node, 'import'));
  return new Set(maps.flatMap((map) => asStrings(map['externalSpdxId'])));
}

/** Named individuals and listed licences of the model are never in a graph. */
function isIndividual(id: string): boolean {
  return (
    /^https?:\/\/spdx\.org\/(?:rdf\/3|licenses\/)/.test(id) ||
    id === 'NoneElement' ||
    id === 'NoAssertionElement' ||
    id === 'SpdxOrganization'
  );
}
