// SPDX-License-Identifier: Apache-2.0
// generate rules: objects made from data, copied from one source (`clone`) or from all of some kinds (`cloneList`), also for each element of a list
// (Kyverno pkg/background/generate). The outcome tells what ought to be there. Not here: writing it, and keeping it so (`synchronize`), which is a
// matter of the background.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import type { DataProvider, Lookup } from '../data-provider.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import type { Conditions } from './conditions.ts';
import { compileConditions } from './conditions.ts';
import { contextEntries, contextFaults } from './context-entries.ts';
import { noteCopy } from './copied-from.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { parseKindSelector } from './kind-selector.ts';
import { matchesWildcardSelector } from './match.ts';
import type { CompiledBody, RuleEvaluation, RuleOutcome, RuleStatus } from './rule.ts';
import { substitute } from './substitute.ts';

interface Loop {
  readonly list: string;
  readonly context: unknown;
  readonly preconditions: Conditions;
  readonly block: JsonObject;
}

/** Ends the rule with an error; never leaves this file. */
class GenerateError extends Error {}

/** The body of a `generate` block. */
export function compileGeneration(generate: JsonObject, rule: string): CompiledBody {
  const loops: Loop[] = [];
  for (const item of asArray(generate['foreach'])) {
    const { list, context, preconditions, ...block } = asObject(item) ?? {};
    const conditions = compileConditions(preconditions);
    if (conditions.kind === 'invalid') return conditions;
    const [fault] = contextFaults(context);
    if (fault !== undefined) return { kind: 'invalid', message: fault };
    loops.push({ list: asString(list) ?? '', context, preconditions: conditions.evaluate, block });
  }
  const own = generate['foreach'] === undefined ? [generate] : loops.map(({ block }) => block);
  if (own.some((block) => sourcesOf(block) > 1 || (block['cloneList'] === undefined && block['kind'] === undefined)))
    return { kind: 'invalid', message: 'generate needs a kind, and one of data, clone and cloneList' };
  return { kind: 'body', run: (evaluation) => run({ generate, loops, rule }, evaluation) };
}

function sourcesOf(block: JsonObject): number {
  return ['data', 'clone', 'cloneList'].filter((key) => block[key] !== undefined && block[key] !== null).length;
}

interface Generation {
  readonly generate: JsonObject;
  readonly loops: readonly Loop[];
  readonly rule: string;
}

/** On DELETE there is nothing to make. */
function run({ generate, loops, rule }: Generation, evaluation: RuleEvaluation): RuleOutcome | undefined {
  if (evaluation.request.operation === 'DELETE') return undefined;
  const said = (status: RuleStatus, message: string): RuleOutcome => ({ rule, type: 'generate', status, message });
  try {
    const generated =
      generate['foreach'] === undefined
        ? make(generate, evaluation.context, evaluation)
        : loops.flatMap((loop) => makeEach(loop, evaluation));
    return generated.length === 0
      ? said('skip', 'nothing to generate')
      : { ...said('pass', 'resource generated'), generated };
  } catch (error) {
    if (error instanceof GenerateError) return said('error', error.message);
    throw error;
  }
}

function makeEach(loop: Loop, evaluation: RuleEvaluation): readonly JsonObject[] {
  const list = evaluation.context.query(loop.list);
  if (list instanceof JmespathFault) throw new GenerateError(`failed to evaluate list ${loop.list}: ${list.message}`);
  const elements: readonly unknown[] = Array.isArray(list) ? list : [list];
  return elements.flatMap((element, index) => {
    if (element === null || element === undefined) return [];
    const context = evaluation.context.extend(contextEntries(loop.context, evaluation.data), {
      element,
      elementIndex: index,
      element0: element,
      elementIndex0: index,
    });
    const holds = loop.preconditions(context);
    if (holds instanceof JmespathFault) throw new GenerateError(`failed to evaluate preconditions: ${holds.message}`);
    return holds.holds ? make(loop.block, context, evaluation) : [];
  });
}

function make(block: JsonObject, context: EvaluationContext, { data }: RuleEvaluation): readonly JsonObject[] {
  const resolved = substitute(block, context);
  if (resolved instanceof JmespathFault) throw new GenerateError(`variable substitution failed: ${resolved.message}`);
  const wanted = asObject(resolved) ?? {};
  const objectsOf = (apiVersion: string, kind: string): readonly JsonObject[] => {
    const lookup = data.objects?.(apiVersion, kind) ?? { kind: 'unavailable' as const };
    if (lookup.kind === 'found') return lookup.value;
    // A kind that the server has no more, or in another version, hides its objects: that is not the same as none.
    if (lookup.kind === 'absent') throw new GenerateError(`the server has no kind ${kind} (${apiVersion})`);
    throw notKnown(lookup, `objects of kind ${kind} are`);
  };
  const namespace = asString(wanted['namespace']) ?? '';
  const text = (key: string): string => asString(wanted[key]) ?? '';
  const [apiVersion, kind, name] = [text('apiVersion'), text('kind'), text('name')];
  const list = asObject(wanted['cloneList']);
  if (list !== undefined) return copiesOf(list, namespace, objectsOf);
  const clone = asObject(wanted['clone']);
  if (clone === undefined) {
    const { metadata, ...rest } = asObject(wanted['data']) ?? {};
    return [{ apiVersion, kind, metadata: placed(asObject(metadata) ?? {}, name, namespace), ...rest }];
  }
  const place = { namespace: asString(clone['namespace']) ?? '', name: asString(clone['name']) ?? '' };
  const source = sourceAt({ apiVersion, kind, ...place }, data, objectsOf);
  if (source === undefined) throw new GenerateError(`source ${place.namespace}/${place.name} not found`);
  return [copyOf(source, name, namespace)];
}

type ObjectsOf = (apiVersion: string, kind: string) => readonly JsonObject[];

/** Asked for by its name where that is possible: nobody lists Secrets. Undefined: it is not there. */
function sourceAt(
  place: Parameters<NonNullable<DataProvider['object']>>[0],
  data: DataProvider,
  objectsOf: ObjectsOf,
): JsonObject | undefined {
  const { apiVersion, kind, namespace, name } = place;
  const lookup = data.object?.(place);
  if (lookup === undefined)
    return objectsOf(apiVersion, kind).find((object) => isAt(object, namespace) && metadataOf(object)['name'] === name);
  if (lookup.kind === 'found') return lookup.value;
  if (lookup.kind === 'absent') return undefined;
  throw notKnown(lookup, `${kind} ${namespace}/${name} is`);
}

function notKnown(lookup: Lookup<unknown>, what: string): GenerateError {
  return new GenerateError(lookup.kind === 'failed' ? lookup.message : `${what} not known here`);
}

function copiesOf(list: JsonObject, namespace: string, objectsOf: ObjectsOf): readonly JsonObject[] {
  const selector = asObject(list['selector']);
  return asStrings(list['kinds']).flatMap((text) => {
    const { group, version, kind } = parseKindSelector(text);
    const apiVersion = group === '' || group === '*' ? version : `${group}/${version}`;
    return objectsOf(apiVersion, kind)
      .filter((object) => isAt(object, asString(list['namespace']) ?? ''))
      .filter((object) => selector === undefined || matchesWildcardSelector(selector, labelsOf(object)))
      .map((object) => copyOf(object, asString(metadataOf(object)['name']) ?? '', namespace));
  });
}

function metadataOf(object: JsonObject): JsonObject {
  return asObject(object['metadata']) ?? {};
}

function labelsOf(object: JsonObject): JsonObject {
  return asObject(metadataOf(object)['labels']) ?? {};
}

function isAt(object: JsonObject, namespace: string): boolean {
  return (asString(metadataOf(object)['namespace']) ?? '') === namespace;
}

const ofTheSource: readonly string[] = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'managedFields',
  'selfLink',
  'ownerReferences',
];

/** A copy elsewhere: without what only the source can have. */
function copyOf(source: JsonObject, name: string, namespace: string): JsonObject {
  const kept = Object.entries(metadataOf(source)).filter(([key]) => !ofTheSource.includes(key) && key !== 'namespace');
  const own = Object.entries(source).filter(([key]) => key !== 'status');
  const copy = { ...Object.fromEntries(own), metadata: placed(Object.fromEntries(kept), name, namespace) };
  noteCopy(copy, source);
  return copy;
}

/** The same for an object whose expression says what it is: its name stays, and a namespace is only given where one is named. */
export function copyForTarget(object: JsonObject, namespace: string): JsonObject {
  const name = asString(metadataOf(object)['name']) ?? '';
  const own = asString(metadataOf(object)['namespace']) ?? '';
  return copyOf(object, name, namespace === '' ? own : namespace);
}

function placed(metadata: JsonObject, name: string, namespace: string): JsonObject {
  return { ...metadata, name, ...(namespace === '' ? {} : { namespace }) };
}
