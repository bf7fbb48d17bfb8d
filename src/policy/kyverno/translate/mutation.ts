// SPDX-License-Identifier: Apache-2.0
// What a mutate rule changes, as a configuration that is applied (patchStrategicMerge) or as a JSON patch (patchesJson6902), in CEL. Merging by the keys of
// lists is that of Kubernetes in both worlds; what removes members, or merges lists without a key that is known, is refused.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { parseAnchor } from '../anchor.ts';
import type { Place } from './cel-text.ts';
import {
  allOf,
  CannotCarryOver,
  isIdentifier,
  listOf,
  literal,
  memberOf,
  plain,
  presenceOf,
  quote,
  valueOf,
} from './cel-text.ts';
import { conditionsToCel, interpolated, overlayScope } from './conditions.ts';
import { withInlineContext } from './context.ts';
import type { Scope } from './jmespath.ts';
import { jmespathToCel } from './jmespath.ts';
import { jsonPatchOf, patchesOfLoop } from './json-patch.ts';
import { fitsOf, overlayToCel } from './overlay.ts';

export interface TranslatedMutation {
  readonly mutation: JsonObject;
  /** Conditions that the patch states on the object as a whole. */
  readonly conditions: readonly string[];
}

/** Throws CannotCarryOver. */
export function mutationToCel(mutate: JsonObject, scope: Scope): readonly TranslatedMutation[] {
  if (mutate['targets'] !== undefined) throw new CannotCarryOver('mutate.targets, which changes other objects');
  if (mutate['patchStrategicMerge'] !== undefined) return [mergeToCel(mutate['patchStrategicMerge'], scope)];
  const patches = asString(mutate['patchesJson6902']);
  if (patches !== undefined) return [{ mutation: jsonPatchOf(patches, scope), conditions: [] }];
  const loops = asArray(mutate['foreach']).map((loop) => asObject(loop) ?? {});
  if (loops.length === 0) throw new CannotCarryOver('this mutation');
  return loops.map((loop) => loopToCel(loop, scope));
}

/** Lists that Kubernetes merges, with the member that tells their elements apart. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  imagePullSecrets: 'name',
  volumeMounts: 'mountPath',
  ports: 'containerPort',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
};

/** Members whose keys are data. */
const maps: ReadonlySet<string> = new Set([
  'labels',
  'annotations',
  'nodeSelector',
  'matchLabels',
  'data',
  'stringData',
  'limits',
  'requests',
  'parameters',
]);

class Merge {
  readonly conditions: string[] = [];
  readonly #scope: Scope;
  /** Of the loop that the patch stands in: its element's name, and what its elements must meet. */
  readonly #loop: LoopOfPatch | undefined;

  constructor(scope: Scope, loop?: LoopOfPatch) {
    this.#scope = scope;
    this.#loop = loop;
  }

  /** Members of a configuration: `spec: Object.spec{…}`. */
  members(
    patch: JsonObject,
    type: string,
    { place, isMap }: { readonly place: Place; readonly isMap: boolean },
  ): string {
    const written = Object.entries(patch).flatMap(([key, value]): string[] => {
      const anchor = parseAnchor(key);
      const name = anchor?.key ?? key;
      if (anchor !== undefined && anchor.kind !== 'addIfNotPresent') {
        if (anchor.kind !== 'condition' && anchor.kind !== 'global')
          throw new CannotCarryOver(`the anchor ${key} in a patch`);
        if (!isWhole(place)) throw new CannotCarryOver(`the anchor ${key} deep in a patch`);
        const [demanded, added] = [withoutAdditions(value), additionsOf(value)];
        this.conditions.push(fitsOf(overlayToCel({ [`(${name})`]: demanded }, place, overlayScope(this.#scope))));
        return added === undefined ? [] : [this.members({ [name]: added }, type, { place, isMap })];
      }
      const member = memberOf(place, name);
      const label = isMap ? quote(this.#key(name)) : name;
      if (!isMap && !isIdentifier(name)) throw new CannotCarryOver(`the member ${name} of a configuration`);
      const text = this.#value(value, `${type}.${name}`, { name, member });
      if (anchor === undefined) return [text.isOptional ? `?${label}: ${text.text}` : `${label}: ${text.text}`];
      const present = presenceOf(member);
      if (present === undefined) return [];
      const own = text.isOptional ? text.text : `optional.of(${text.text})`;
      return [`?${label}: ${present} ? optional.none() : ${own}`];
    });
    return written.join(', ');
  }

  #key(name: string): string {
    if (name.includes('{{')) throw new CannotCarryOver(`the key ${name}, which depends on the object`);
    return name;
  }

  #value(value: unknown, type: string, { name, member }: { readonly name: string; readonly member: Place }): Place {
    if (value === null || value === undefined) throw new CannotCarryOver('a patch that removes a member');
    if (Array.isArray(value)) return this.#list(value, type, { name, member });
    const map = asObject(value);
    if (map === undefined) {
      if (typeof value === 'string' && value.includes('{{')) return plain(this.#text(value));
      return plain(literal(value));
    }
    const isMap = maps.has(name) || Object.keys(map).some((key) => !isIdentifier(parseAnchor(key)?.key ?? key));
    const inner = this.members(map, type, { place: member, isMap });
    if (inner === '') return { text: 'optional.none()', isOptional: true };
    return plain(isMap ? `{${inner}}` : `${type}{${inner}}`);
  }

  #text(value: string): string {
    if (value.includes('{{@}}') || value.includes('{{ @ }}')) throw new CannotCarryOver('{{ @ }}');
    return valueOf(interpolated(value, this.#scope).place);
  }

  #list(
    items: readonly unknown[],
    type: string,
    { name, member }: { readonly name: string; readonly member: Place },
  ): Place {
    if (items.every((item) => asObject(item) === undefined)) {
      const texts = items.map((item) =>
        typeof item === 'string' && item.includes('{{') ? this.#text(item) : literal(item),
      );
      return plain(`[${texts.join(', ')}]`);
    }
    const isChanging = items.some((item) =>
      Object.keys(asObject(item) ?? {}).some((key) => parseAnchor(key)?.kind === 'condition'),
    );
    if (!isChanging && this.#loop === undefined) {
      const written = items.map(
        (item) => `${type}{${this.members(asObject(item) ?? {}, type, { place: plain('{}'), isMap: false })}}`,
      );
      return plain(`[${written.join(', ')}]`);
    }
    if (items.length !== 1) throw new CannotCarryOver('several elements with anchors in one list of a patch');
    return this.#elements(asObject(items[0]) ?? {}, type, { name, member });
  }

  /** The elements of the object's list that the patch is about, each with its changes. */
  #elements(
    item: JsonObject,
    type: string,
    { name, member }: { readonly name: string; readonly member: Place },
  ): Place {
    const key = mergeKeys[name];
    if (key === undefined) throw new CannotCarryOver(`merging into the list ${name}`);
    const conditions = Object.entries(item).filter(([each]) => parseAnchor(each)?.kind === 'condition');
    const changes = Object.fromEntries(
      Object.entries(item).flatMap(([each, value]): [string, unknown][] => {
        const anchor = parseAnchor(each);
        if (anchor?.kind !== 'condition') return each === key ? [] : [[each, value]];
        const added = additionsOf(value);
        return added === undefined ? [] : [[anchor.key, added]];
      }),
    );
    const ofLoop = this.#loop !== undefined && this.#isOfLoop(item, key);
    if (this.#loop !== undefined && !ofLoop) throw new CannotCarryOver('a loop whose patch is not about its element');
    const element = ofLoop ? (this.#loop?.element ?? '') : this.#scope.names.next('c');
    const rest = ofLoop ? conditions.filter(([each]) => parseAnchor(each)?.key !== key) : conditions;
    const fits = fitsOf(overlayToCel(demandedOf(rest), plain(element), overlayScope(this.#scope)));
    const inner = this.members(changes, type, { place: plain(element), isMap: false });
    const made = `${type}{${key}: ${element}.${key}${inner === '' ? '' : `, ${inner}`}}`;
    const filter = allOf([fits, ofLoop ? this.#loop?.condition : undefined]);
    const list = ofLoop ? (this.#loop?.list ?? '') : 'l';
    const changed = `${list}${filter === 'true' ? '' : `.filter(${element}, ${filter})`}.map(${element}, ${made})`;
    if (ofLoop || !member.isOptional)
      return ofLoop
        ? { text: `size(${list}) == 0 ? optional.none() : optional.of(${changed})`, isOptional: true }
        : plain(changed.replace(/^l/, listOf(member)));
    return { text: `${member.text}.optMap(l, ${changed})`, isOptional: true };
  }

  #isOfLoop(item: JsonObject, key: string): boolean {
    const text = asString(item[`(${key})`]) ?? asString(item[key]) ?? '';
    return text.replaceAll(' ', '') === `{{element.${key}}}`;
  }
}

function demandedOf(conditions: readonly (readonly [string, unknown])[]): JsonObject {
  return Object.fromEntries(conditions.map(([key, value]) => [key, withoutAdditions(value)]));
}

/** What a condition adds where it is met: members with the anchor `+(name)`. */
function additionsOf(value: unknown): JsonObject | undefined {
  const written = Object.entries(asObject(value) ?? {}).flatMap(([key, item]): [string, unknown][] => {
    if (parseAnchor(key)?.kind === 'addIfNotPresent') return [[key, item]];
    const inner = additionsOf(item);
    return inner === undefined ? [] : [[parseAnchor(key)?.key ?? key, inner]];
  });
  return written.length === 0 ? undefined : Object.fromEntries(written);
}

function withoutAdditions(value: unknown): unknown {
  const map = asObject(value);
  if (map === undefined) return value;
  const kept = Object.entries(map).filter(([key]) => parseAnchor(key)?.kind !== 'addIfNotPresent');
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutAdditions(item)]));
}

interface LoopOfPatch {
  readonly list: string;
  readonly element: string;
  readonly condition: string;
}

/** Anchors on what is not in a list say whether the patch applies at all. */
function isWhole({ text }: Place): boolean {
  return /^\(?(?:has\()?(?:object)/.test(text);
}

function mergeToCel(patch: unknown, scope: Scope, loop?: LoopOfPatch): TranslatedMutation {
  const map = asObject(patch);
  if (map === undefined) throw new CannotCarryOver('a patch that is no map');
  const merge = new Merge(scope, loop);
  const members = merge.members(map, 'Object', { place: scope.object, isMap: false });
  return {
    mutation: { patchType: 'ApplyConfiguration', applyConfiguration: { expression: `Object{${members}}` } },
    conditions: merge.conditions,
  };
}

function loopToCel(loop: JsonObject, scope: Scope): TranslatedMutation {
  if (loop['foreach'] !== undefined) throw new CannotCarryOver('a loop in a loop of a mutation');
  const list = listOf(jmespathToCel(`${asString(loop['list']) ?? ''} || \`[]\``, scope).place);
  const element = scope.names.next('element');
  const inner = withInlineContext(loop['context'], {
    ...scope,
    values: new Map([...scope.values, ['element', element]]),
  });
  if (loop['patchStrategicMerge'] === undefined) return { mutation: patchesOfLoop(loop, list, scope), conditions: [] };
  const condition = conditionsToCel(loop['preconditions'], inner);
  return mergeToCel(loop['patchStrategicMerge'], inner, { list, element, condition });
}
