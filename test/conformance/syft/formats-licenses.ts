// SPDX-License-Identifier: Apache-2.0
// Licence structs of Syft's SPDX 3 tests as objects of a JSON-LD graph, each embedded in the one that uses it.
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';

/** The object of one struct; `id` makes the ids of embedded objects unique. */
export function licenseNodes(struct: JsonObject, id: string): JsonObject {
  const type = (asString(struct['type']) ?? '').replace(/^spdx\./, 'expandedlicensing_');
  const embedded = (name: string): JsonObject | undefined => {
    const inner = asObject(struct[name]);
    return inner === undefined ? undefined : licenseNodes(inner, `${id}-${name}`);
  };
  const members = asArray(struct['Members']).map((item, index) => licenseNodes(asObject(item) ?? {}, `${id}-${index}`));
  const written = asString(struct['ID']);
  const node: Record<string, unknown> = {
    type: type === 'expandedlicensing_LicenseExpression' ? 'simplelicensing_LicenseExpression' : type,
    spdxId: written === undefined ? id : `${id}#${written}`,
    // A custom licence is named by its id, which is what an expression refers to.
    name: written ?? struct['Name'] ?? struct['AdditionText'],
    expandedlicensing_member: members.length === 0 ? undefined : members,
    expandedlicensing_subjectLicense: embedded('SubjectLicense'),
    expandedlicensing_subjectExtendableLicense: embedded('SubjectExtendableLicense'),
    expandedlicensing_subjectAddition: embedded('SubjectAddition'),
    simplelicensing_licenseExpression: struct['LicenseExpression'],
  };
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined));
}
