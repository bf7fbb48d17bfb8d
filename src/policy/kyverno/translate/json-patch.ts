// SPDX-License-Identifier: Apache-2.0
// JSON patches of a mutate rule, in CEL: of the object, or of each element of a list.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import { CannotCarryOver, isIdentifier, literal, quote, valueOf } from './cel-text.ts';
import { conditionsToCel, interpolated } from './conditions.ts';
import { withInlineContext } from './context.ts';
import type { Scope } from './jmespath.ts';
import { parseJsonOrYaml } from './patch-text.ts';

/** Patches of each element in turn; the path may name its index. */
export function patchesOfLoop(loop: JsonObject, list: string, scope: Scope): JsonObject {
  const index = scope.names.next('n');
  const element = `${list}[${index}]`;
  const inner = withInlineContext(loop['context'], {
    ...scope,
    values: new Map([...scope.values, ['element', element], ['elementIndex', index], ['elementIndex0', index]]),
  });
  const condition = conditionsToCel(loop['preconditions'], inner);
  const operations = operationsOf(asString(loop['patchesJson6902']) ?? '', inner);
  const indexes = `lists.range(size(${list}))${loop['order'] === 'Descending' ? '.reverse()' : ''}`;
  const filtered = condition === 'true' ? indexes : `${indexes}.filter(${index}, ${condition})`;
  // What is above all elements is made once, and only where there are elements.
  const parents = parentsIn(asString(loop['patchesJson6902']) ?? '', index);
  const ofAll = parents.filter((text) => !text.includes(`string(${index})`));
  const ofEach = parents.filter((text) => text.includes(`string(${index})`));
  const each = [...ofEach, `[${operations.join(', ')}]`].join(' + ');
  const made = ofAll.length === 0 ? '' : `(size(${filtered}) == 0 ? [] : ${ofAll.join(' + ')}) + `;
  const expression = `${made}${filtered}.map(${index}, ${each}).flatten()`;
  return { patchType: 'JSONPatch', jsonPatch: { expression } };
}

const indexMark = '{{elementIndex}}';

/** What stands above a member that is added is made where it is missing, as Kyverno's patches do. */
function parentsOf(written: string, index: string | undefined): readonly string[] {
  const path = index === undefined ? written : written.replaceAll(/\{\{\s*elementIndex0?\s*\}\}/g, indexMark);
  const parts = path.split('/').slice(1);
  const isIndex = (part: string): boolean => part === indexMark || /^[0-9]+$/.test(part);
  if (parts.slice(0, -1).some((part) => !isIdentifier(part) && !isIndex(part))) return [];
  return parts
    .slice(1)
    .map((next, at): string => {
      const above = parts.slice(0, at + 1);
      const place = above.map((part) => (isIndex(part) ? `[?${part}]` : `.?${part}`)).join('');
      const made = next === '-' || isIndex(next) ? '[]' : '{}';
      const text = `(object${place.replaceAll(indexMark, index ?? '')}.hasValue() ? [] : [JSONPatch{op: "add", path: ${quote(`/${above.join('/')}`)}, value: ${made}}])`;
      return above.length < 2 ? '' : text.replaceAll(indexMark, `" + string(${index ?? ''}) + "`);
    })
    .filter((text) => text !== '');
}

/** Of all operations of a patch; undefined: a patch of no loop. */
function parentsIn(text: string, index?: string): readonly string[] {
  const added = (parseJsonOrYaml(text) ?? []).filter(({ op }) => op === 'add');
  return [...new Set(added.flatMap(({ path }) => parentsOf(asString(path) ?? '', index)))];
}

export function jsonPatchOf(text: string, scope: Scope): JsonObject {
  const written = operationsOf(text, scope);
  const expression = [...parentsIn(text), `[${written.join(', ')}]`].join(' + ');
  return { patchType: 'JSONPatch', jsonPatch: { expression } };
}

function operationsOf(text: string, scope: Scope): readonly string[] {
  const operations = parseJsonOrYaml(text);
  if (operations === undefined) throw new CannotCarryOver('a JSON patch that is no list');
  return operations.map((operation) => {
    const { op, path, value, from } = operation;
    if (/\/-[0-9]+(?:\/|$)/.test(asString(path) ?? ''))
      throw new CannotCarryOver(`a JSON patch with a negative index: ${asString(path) ?? ''}`);
    const place = textValue(asString(path) ?? '', scope);
    const parts = [`op: ${quote(asString(op) ?? '')}`, `path: ${place}`];
    if (from !== undefined) parts.push(`from: ${textValue(asString(from) ?? '', scope)}`);
    if (value !== undefined) parts.push(`value: ${patchValue(value, scope)}`);
    return `JSONPatch{${parts.join(', ')}}`;
  });
}

function textValue(text: string, scope: Scope): string {
  return text.includes('{{') ? valueOf(interpolated(text, scope).place) : quote(text);
}

function patchValue(value: unknown, scope: Scope): string {
  if (typeof value === 'string') return textValue(value, scope);
  if (!JSON.stringify(value).includes('{{')) return literal(value);
  if (Array.isArray(value)) return `[${value.map((item) => `dyn(${patchValue(item, scope)})`).join(', ')}]`;
  const entries = Object.entries(asObject(value) ?? {}).map(
    ([key, item]) => `${textValue(key, scope)}: dyn(${patchValue(item, scope)})`,
  );
  return `{${entries.join(', ')}}`;
}
