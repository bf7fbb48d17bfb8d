// SPDX-License-Identifier: Apache-2.0
// `imageReferences` and `skipImageReferences` of a verifyImages entry as `matchImageReferences` of an ImageValidatingPolicy. The former compare the whole
// name, with docker.io, tag or digest; Kyverno compares the latter with the name as it is written. So most patterns become an expression that makes the
// whole name first (../../image-info.ts is what it means).
import type { JsonObject } from '../../../formats/document.ts';
import { anyOf, not } from './cel-text.ts';
import { globToCel } from './leaf.ts';

/** One list entry for each pattern that may stay a glob, or one expression for all. */
export function imageReferencesToCel(patterns: readonly string[], skipped: readonly string[]): readonly JsonObject[] {
  if (skipped.length === 0 && patterns.every(isSameAsWritten)) return patterns.map((glob) => ({ glob }));
  const included = (name: string): string => `(${testOf(patterns, name)})`;
  const left = skipped.length === 0 ? '' : ` && ${not(testOf(skipped, 'name'))}`;
  const whole = `ref.matches("^([^/]*[.:A-Z][^/]*|localhost)/") ? ref : "docker.io/" + ref`;
  const place = `(isTagged ? named.substring(0, named.lastIndexOf(":")) : named)`;
  const name = `whole.contains("@") ? ${place} + "@" + whole.split("@")[1] : (isTagged ? named : named + ":latest")`;
  const test = `(${included('name')} || (isTagged && whole.contains("@") && ${included('named')}))${left}`;
  const expression = [
    [whole, 'whole'],
    ['whole.split("@")[0]', 'named'],
    ['named.lastIndexOf(":") > named.lastIndexOf("/")', 'isTagged'],
    [name, 'name'],
  ].reduceRight((inner, [value = '', variable = '']) => `[${value}].exists(${variable}, ${inner})`, test);
  return [{ expression }];
}

function testOf(patterns: readonly string[], name: string): string {
  return anyOf(patterns.map((pattern) => globToCel(name, pattern, 'text')));
}

/** Whether a glob says of a name as it is written what the pattern says of the whole name: its host is written out, and it leaves the end open. */
function isSameAsWritten(pattern: string): boolean {
  if (pattern === '*') return true;
  if (/[[\]{}\\]/.test(pattern) || !pattern.endsWith('*') || pattern.endsWith(':*')) return false;
  const [host = '', ...rest] = pattern.split('/');
  return rest.length > 0 && /^[^*?]*[.:][^*?]*$/.test(host) && !/^(?:index\.)?docker\.io$/.test(host);
}
