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
  const expression = `${filtered}.map(${index}, [${operations.join(', ')}]).flatten()`;
  return { patchType: 'JSONPatch', jsonPatch: { expression } };
}

/** What stands above a member that is added is made where it is missing, as Kyverno's patches do. */
function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(1);
  if (path.includes('{{') || parts.slice(0, -1).some((part) => !isIdentifier(part) && !/^[0-9]+$/.test(part)))
    return [];
  return parts
    .slice(1)
    .map((next, index): string => {
      const above = parts.slice(0, index + 1);
      const place = above.map((part) => (/^[0-9]+$/.test(part) ? `[?${part}]` : `.?${part}`)).join('');
      const made = next === '-' || /^[0-9]+$/.test(next) ? '[]' : '{}';
      return above.length < 2
        ? ''
        : `(object${place}.hasValue() ? [] : [JSONPatch{op: "add", path: ${quote(`/${above.join('/')}`)}, value: ${made}}])`;
    })
    .filter((text) => text !== '');
}

export function jsonPatchOf(text: string, scope: Scope): JsonObject {
  const written = operationsOf(text, scope);
  const parents = [
    ...new Set(
      (parseJsonOrYaml(text) ?? [])
        .filter(({ op }) => op === 'add')
        .flatMap(({ path }) => parentsOf(asString(path) ?? '')),
    ),
  ];
  const expression = [...parents, `[${written.join(', ')}]`].join(' + ');
  return { patchType: 'JSONPatch', jsonPatch: { expression } };
}

function operationsOf(text: string, scope: Scope): readonly string[] {
  const operations = parseJsonOrYaml(text);
  if (operations === undefined) throw new CannotCarryOver('a JSON patch that is no list');
  return operations.map((operation) => {
    const { op, path, value, from } = operation;
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
