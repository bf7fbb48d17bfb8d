// SPDX-License-Identifier: Apache-2.0
// What a validate rule demands, as one CEL expression that is true for what it lets through. Not here: which requests it is about (match.ts).
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { allOf, anyOf, CannotCarryOver, listOf, not, optional, plain, valueOf } from './cel-text.ts';
import { conditionsToCel, overlayScope } from './conditions.ts';
import { withInlineContext } from './context.ts';
import type { Scope } from './jmespath.ts';
import { jmespathToCel } from './jmespath.ts';
import { fitsOf, overlayToCel } from './overlay.ts';

/** Throws CannotCarryOver. */
export function validationToCel(block: JsonObject, scope: Scope): string {
  if (block['deny'] !== undefined) return not(conditionsToCel(asObject(block['deny'])?.['conditions'], scope));
  const element = scope.values.get('element');
  const place = element === undefined ? scope.object : plain(element);
  if (block['pattern'] !== undefined) return overlayToCel(block['pattern'], place, overlayScope(scope)).accepts;
  if (block['anyPattern'] !== undefined) {
    const patterns = asArray(block['anyPattern']).map((pattern) => overlayToCel(pattern, place, overlayScope(scope)));
    const passes = patterns.map(fitsOf);
    const all = patterns.flatMap(({ skips, skipsSoftly }) => {
      const own = [skips, skipsSoftly].filter((text) => text !== undefined);
      return own.length === 0 ? [] : [anyOf(own)];
    });
    return anyOf([...passes, ...(all.length === patterns.length ? [allOf(all)] : [])]);
  }
  if (block['foreach'] !== undefined)
    return allOf(asArray(block['foreach']).map((loop) => loopToCel(asObject(loop) ?? {}, scope)));
  const kind = ['podSecurity', 'manifests', 'assert'].find((key) => block[key] !== undefined) ?? 'this validation';
  throw new CannotCarryOver(`validate.${kind}, which has no counterpart in CEL`);
}

/** Elements that are null, and lists that are not there, are passed over. */
function loopToCel(loop: JsonObject, scope: Scope): string {
  if (loop['elementScope'] === false && (loop['pattern'] !== undefined || loop['anyPattern'] !== undefined))
    throw new CannotCarryOver('elementScope: false');
  const list = lenientList(asString(loop['list']) ?? '', scope);
  const name = scope.names.next('element');
  const inner = withInlineContext(loop['context'], {
    ...scope,
    values: new Map([...scope.values, ['element', name], [`element${depthOf(scope)}`, name]]),
  });
  const preconditions = conditionsToCel(loop['preconditions'], inner);
  const demand = validationToCel(loop, inner);
  const guarded = preconditions === 'true' ? demand : anyOf([not(preconditions), demand]);
  const whole = `${list}.all(${name}, ${guarded})`;
  // A list that is null is passed over as one that is missing.
  return isPath(list) ? anyOf([`${valueOf(optional(list.slice(0, -'.orValue([])'.length)))} == null`, whole]) : whole;
}

/** `object.?spec.?rules.orValue([])` */
function isPath(list: string): boolean {
  return /^[A-Za-z0-9_.?]+\.orValue\(\[\]\)$/.test(list);
}

function depthOf({ values }: Scope): number {
  return [...values.keys()].filter((key) => /^element[0-9]$/.test(key)).length;
}

function lenientList(expression: string, scope: Scope): string {
  const { place, kind } = jmespathToCel(expression, scope, 'lenient');
  const text = listOf(place);
  if (kind === 'truth') throw new CannotCarryOver(`the list ${expression}`);
  return text.includes(' ? ') && !text.startsWith('(') ? `(${text})` : text;
}
