// SPDX-License-Identifier: Apache-2.0
// What a text must contain for a rule to match in it: words of patterns and of simple regular expressions. A file without them is not parsed.
// Only ever errs towards looking: what is not understood requires nothing.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { CodeMatcher } from '../../formats/syntax-tree.ts';
import { requirementOfRegex } from './regex-requirement.ts';

/** `true` requires nothing. */
export type Requirement =
  | true
  | { readonly literal: string }
  | { readonly all: readonly Requirement[] }
  | { readonly any: readonly Requirement[] };

/** Requirement of a whole rule. Constraints are left out: a variable need not be bound in every branch. */
export function requirementOf(matcher: CodeMatcher): Requirement {
  return ofRule(matcher.rule, { utils: matcher.utils ?? {}, open: new Set() });
}

/** Whether the text meets a requirement. */
export function meets(text: string, requirement: Requirement): boolean {
  if (requirement === true) return true;
  if ('literal' in requirement) return text.includes(requirement.literal);
  if ('all' in requirement) return requirement.all.every((part) => meets(text, part));
  return requirement.any.some((part) => meets(text, part));
}

interface Reader {
  readonly utils: JsonObject;
  /** Utilities that are being read: a cycle requires nothing. */
  readonly open: Set<string>;
}

function ofRule(rule: JsonObject | undefined, reader: Reader): Requirement {
  if (rule === undefined) return true;
  const parts = Object.entries(rule).map(([key, value]): Requirement => {
    switch (key) {
      case 'pattern':
        return ofPattern(value);
      case 'regex':
        return requirementOfRegex(asString(value) ?? '');
      case 'all':
        return every(asArray(value).map((item) => ofRule(asObject(item), reader)));
      case 'any':
        return some(asArray(value).map((item) => ofRule(asObject(item), reader)));
      case 'has':
      case 'inside':
      case 'follows':
      case 'precedes':
        return ofRule(asObject(value), reader);
      case 'matches':
        return ofUtility(asString(value) ?? '', reader);
      default:
        return true;
    }
  });
  return every(parts);
}

function ofUtility(name: string, reader: Reader): Requirement {
  const rule = asObject(reader.utils[name]);
  if (rule === undefined || reader.open.has(name)) return true;
  reader.open.add(name);
  const requirement = ofRule(rule, reader);
  reader.open.delete(name);
  return requirement;
}

/** Words of a pattern outside its variables. With a selector or a loose strictness parts of the pattern need not be in the match. */
function ofPattern(value: unknown): Requirement {
  const object = asObject(value);
  if (object !== undefined && (object['selector'] !== undefined || object['strictness'] !== undefined)) return true;
  const pattern = asString(object === undefined ? value : object['context']);
  if (pattern === undefined) return true;
  const words = pattern.replace(/\$+\w*/g, ' ').match(/[A-Za-z_]\w{2,}/g) ?? [];
  return every([...new Set(words)].map((literal) => ({ literal })));
}

function every(parts: readonly Requirement[]): Requirement {
  const needed = parts.filter((part) => part !== true);
  return needed.length === 0 ? true : needed.length === 1 ? (needed[0] ?? true) : { all: needed };
}

function some(parts: readonly Requirement[]): Requirement {
  return parts.length === 0 || parts.includes(true) ? true : { any: parts };
}
