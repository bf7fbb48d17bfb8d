// SPDX-License-Identifier: Apache-2.0
// Licences of an SPDX 3 graph as expressions: the simple licensing profile and the sets of the expanded licensing profile.
import type { JsonObject } from '../document.ts';
import type { Spdx3Document } from './spdx3.ts';
import { idOf, nodesOf, textOf, typeOf } from './spdx3.ts';

/** Sets in sets; deeper graphs are cycles or abuse. */
const maxDepth = 20;

/** The expression of a licence object; empty when it has none. References to texts are replaced by their names. */
export function licenseText(document: Spdx3Document, node: JsonObject, depth = 0): string {
  if (depth > maxDepth) return '';
  const joined = (name: string, operator: string): string => {
    const members = nodesOf(document, node, name).map((member) => licenseText(document, member, depth + 1));
    const texts = members.filter((text) => text !== '');
    return texts.length > 1 ? `(${texts.join(` ${operator} `)})` : (texts[0] ?? '');
  };
  switch (typeOf(node)) {
    case 'simplelicensing_LicenseExpression':
      return textOf(node, 'simplelicensing_licenseExpression') ?? '';
    case 'expandedlicensing_ConjunctiveLicenseSet':
      return joined('expandedlicensing_member', 'AND');
    case 'expandedlicensing_DisjunctiveLicenseSet':
      return joined('expandedlicensing_member', 'OR');
    case 'expandedlicensing_OrLaterOperator': {
      const text = joined('expandedlicensing_subjectLicense', 'AND');
      return text === '' ? '' : `${text}+`;
    }
    case 'expandedlicensing_WithAdditionOperator': {
      const license = joined('expandedlicensing_subjectExtendableLicense', 'AND');
      const addition = nodesOf(document, node, 'expandedlicensing_subjectAddition')[0];
      const exception = addition === undefined ? '' : (textOf(addition, 'name') ?? lastPart(idOf(addition)));
      return license === '' || exception === '' ? license : `${license} WITH ${exception}`;
    }
    case 'expandedlicensing_ListedLicense': {
      const id = idOf(node) ?? '';
      return /^https?:\/\/spdx\.org\/licenses\//.test(id) ? lastPart(id) : (textOf(node, 'name') ?? lastPart(id));
    }
    default:
      return textOf(node, 'name') ?? lastPart(idOf(node));
  }
}

/** `https://spdx.org/licenses/MIT` gives `MIT`. */
export function lastPart(id: string | undefined): string {
  return (id ?? '').replace(/^.*[/#:]/s, '');
}
