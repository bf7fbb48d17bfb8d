// SPDX-License-Identifier: Apache-2.0
// What the readers note about a document, and the rules between the members of one object, which all three syntaxes share.
import type { DocumentPath } from '../document.ts';
import { isAvailable, type Minor, type Rule, type Shape, type Syntax } from './notation.ts';

export interface Fault {
  /** Where in the tree the fault is. */
  readonly path: DocumentPath;
  readonly message: string;
  /** Known by the readers of XML and protobuf text; JSON finds it through `path`. */
  readonly line?: number;
  /** The document is none of a known version, or not a document at all: what it holds may be missed. */
  readonly isFatal?: true;
}

/** An object of the document; members as in JSON, whatever the syntax was. */
export type BomObject = Record<string, unknown>;

/** Messages for the rules of a shape that an object breaks. */
export function brokenRules(shape: Shape, value: Readonly<BomObject>, at: { syntax: Syntax; minor: Minor }): string[] {
  return shape.rules
    .filter((rule) => isAvailable(rule.availability, at.syntax, at.minor))
    .map((rule) => brokenRule(rule, value))
    .filter((message) => message !== undefined);
}

function brokenRule(rule: Rule, value: Readonly<BomObject>): string | undefined {
  const present = rule.members.filter((member) => member.split('+').every((name) => value[name] !== undefined));
  const named = rule.members.join(', ');
  switch (rule.kind) {
    case 'one':
      return present.length === 1 ? undefined : `needs exactly one of ${named}`;
    case 'most':
      return present.length <= 1 ? undefined : `has ${present.join(' and ')}, of which only one is allowed`;
    case 'any':
      return present.length > 0 ? undefined : `needs at least one of ${named}`;
    case 'both': {
      const [first = '', second = ''] = rule.members;
      return value[first] !== undefined && value[second] === undefined ? `has ${first} without ${second}` : undefined;
    }
    default: {
      const [first = '', second = ''] = rule.members;
      return value[first] !== undefined && value[second] !== true
        ? `has ${first}, which needs ${second}: true`
        : undefined;
    }
  }
}
