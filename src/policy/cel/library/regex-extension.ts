// SPDX-License-Identifier: Apache-2.0
// The regex extension of cel-go (ext/regex.go): regex.extract, regex.extractAll and regex.replace. Not in Kubernetes; Kyverno has it.

import type { Matcher, RE2JS } from 're2js';
import type { CelLibrary } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { intType, listOf, optionalOf, stringType } from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelError, CelOptional, textOf } from '../values.ts';
import { compilePattern } from './regular-expressions.ts';
import { matchCost } from './standard.ts';

/** The pattern, when it has no more than one group. */
function extractable(pattern: CelValue): RE2JS | CelError {
  const compiled = compilePattern(textOf(pattern));
  if (compiled instanceof CelError || compiled.groupCount() <= 1) return compiled;
  return new CelError(`regular expression has more than one capturing group: ${JSON.stringify(textOf(pattern))}`);
}

/** Each match, or what its group holds; groups that hold nothing are left out. */
function extracted(text: CelValue, pattern: CelValue, most: number): readonly string[] | CelError {
  const compiled = extractable(pattern);
  if (compiled instanceof CelError) return compiled;
  const group = compiled.groupCount();
  const matcher = compiled.matcher(textOf(text));
  const found: string[] = [];
  for (let matches = 0; matches < most && matcher.find(); matches += 1) {
    const part = matcher.group(group) ?? '';
    if (group === 0 || part !== '') found.push(part);
  }
  return found;
}

function extract(text: CelValue = '', pattern: CelValue = ''): CelValue {
  const found = extracted(text, pattern, 1);
  return found instanceof CelError ? found : new CelOptional(found[0]);
}

function extractAll(text: CelValue = '', pattern: CelValue = ''): CelValue {
  return extracted(text, pattern, Number.POSITIVE_INFINITY);
}

/** `\1` to `\9` stand for groups, `\\` for a backslash; anything else behind a backslash is an error. */
function replacementOf(template: string, groups: readonly string[]): string | CelError {
  let result = '';
  for (let at = 0; at < template.length; at += 1) {
    const character = template[at] ?? '';
    if (character !== '\\') {
      result += character;
      continue;
    }
    at += 1;
    const next = template[at] ?? '';
    if (next === '\\') result += next;
    else if (!/^\d$/.test(next))
      return new CelError(`invalid replacement string: '${template}' \\ must be followed by a digit or \\`);
    else if (Number(next) >= groups.length)
      return new CelError(
        `replacement string references group ${next} but regex has only ${groups.length - 1} group(s)`,
      );
    else result += groups[Number(next)] ?? '';
  }
  return result;
}

/** The whole match and its groups; empty where one did not take part. */
function groupsOf(matcher: Matcher): readonly string[] {
  return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '');
}

function replace(text: CelValue = '', pattern: CelValue = '', template: CelValue = '', count: CelValue = -1): CelValue {
  const target = textOf(text);
  const limit = Number(count);
  if (limit === 0) return target;
  if (limit > 2 ** 31 - 1) return new CelError('integer overflow');
  const compiled = compilePattern(textOf(pattern));
  if (compiled instanceof CelError) return compiled;
  const matcher = compiled.matcher(target);
  const most = limit < 0 ? Number.POSITIVE_INFINITY : limit;
  let result = '';
  let end = 0;
  for (let matches = 0; matches < most && matcher.find(); matches += 1) {
    const replacement = replacementOf(textOf(template), groupsOf(matcher));
    if (replacement instanceof CelError) return replacement;
    result += target.slice(end, matcher.start()) + replacement;
    end = matcher.end();
  }
  return result + target.slice(end);
}

const three = [stringType, stringType, stringType] as const;

export const regexExtensionLibrary: CelLibrary = {
  name: 'cel.lib.ext.regex',
  functions: functionsOf({
    'regex.extract': [
      {
        ...globalOverload('regex_extract_string_string', [[stringType, stringType], optionalOf(stringType)], extract),
        cost: matchCost,
      },
    ],
    'regex.extractAll': [
      {
        ...globalOverload('regex_extractAll_string_string', [[stringType, stringType], listOf(stringType)], extractAll),
        cost: matchCost,
      },
    ],
    'regex.replace': [
      { ...globalOverload('regex_replace_string_string_string', [three, stringType], replace), cost: matchCost },
      {
        ...globalOverload('regex_replace_string_string_string_int', [[...three, intType], stringType], replace),
        cost: matchCost,
      },
    ],
  }),
};
