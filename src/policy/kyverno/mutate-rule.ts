// SPDX-License-Identifier: Apache-2.0
// mutate rules: a strategic merge pattern, a JSON Patch, or loops of either (Kyverno pkg/engine/mutate and handlers/mutation). The outcome carries the
// patched object, or with `targets` those of other objects. Not here: how patches are applied (src/policy/patch), which targets (mutate-targets.ts).
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import { equalJson } from '../patch/json-members.ts';
import type { JsonPatch } from '../patch/json-patch.ts';
import { compileJsonPatch } from '../patch/json-patch.ts';
import { applyJsonPatch } from '../patch/json-patch-apply.ts';
import { applyMutatePattern } from '../patch/mutate-anchors.ts';
import type { Conditions } from './conditions.ts';
import { compileConditions } from './conditions.ts';
import { contextEntries, contextFaults } from './context-entries.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { compileTargets } from './mutate-targets.ts';
import { matchesPattern } from './pattern.ts';
import { resolveReferences } from './references.ts';
import type { CompiledBody, RuleEvaluation, RuleOutcome, RuleStatus } from './rule.ts';
import { hasVariables, substitute } from './substitute.ts';

const deepestLoop = 10;

export type Change =
  | { readonly kind: 'patched'; readonly value: JsonObject }
  | { readonly kind: 'unchanged'; readonly message: string }
  | { readonly kind: 'error'; readonly message: string };

type Patcher = (resource: JsonObject, context: EvaluationContext) => Change;
type CompiledPatcher = { readonly kind: 'patcher'; readonly patch: Patcher } | Invalid;
interface Invalid {
  readonly kind: 'invalid';
  readonly message: string;
}

/** The body of a `mutate` block. */
export function compileMutation(mutate: JsonObject, rule: string): CompiledBody {
  const compiled = mutate['foreach'] === undefined ? compilePatch(mutate) : compileLoops(asArray(mutate['foreach']), 0);
  if (compiled.kind === 'invalid') return compiled;
  const change = (object: JsonObject, evaluation: RuleEvaluation): Change =>
    compiled.kind === 'loops'
      ? runLoops(compiled.loops, object, evaluation)
      : compiled.patch(object, evaluation.context);
  if (mutate['targets'] !== undefined) return compileTargets(asArray(mutate['targets']), rule, change);
  return {
    kind: 'body',
    run: (evaluation) => {
      const { object } = evaluation.request;
      return object === undefined ? undefined : outcomeOf(rule, change(object, evaluation));
    },
  };
}

function outcomeOf(rule: string, change: Change): RuleOutcome {
  const said = (status: RuleStatus, message: string): RuleOutcome => ({ rule, type: 'mutate', status, message });
  switch (change.kind) {
    case 'patched':
      return { ...said('pass', `mutated ${describe(change.value)}`), patched: change.value };
    case 'unchanged':
      return said('skip', change.message);
    default:
      return said('error', change.message);
  }
}

function describe(object: JsonObject): string {
  const metadata = asObject(object['metadata']);
  const namespace = asString(metadata?.['namespace']) ?? '';
  const what = `${asString(object['kind']) ?? ''}/${asString(metadata?.['name']) ?? ''}`;
  return namespace === '' ? what : `${what} in namespace ${namespace}`;
}

function compilePatch(block: JsonObject): CompiledPatcher {
  const merge = block['patchStrategicMerge'];
  if (merge !== undefined && merge !== null) return compileMerge(merge);
  const operations = asString(block['patchesJson6902']) ?? '';
  if (operations !== '') return compileOperations(operations);
  return { kind: 'invalid', message: 'mutate needs one of patchStrategicMerge, patchesJson6902 and foreach' };
}

function compileMerge(pattern: unknown): CompiledPatcher {
  const resolved = resolveReferences(pattern);
  if (resolved.kind === 'invalid') return resolved;
  const { value } = resolved;
  if (asObject(value) === undefined) return { kind: 'invalid', message: 'patchStrategicMerge must be an object' };
  return {
    kind: 'patcher',
    patch: (resource, context) => {
      const pattern = substitute(value, context);
      if (pattern instanceof JmespathFault)
        return { kind: 'error', message: `variable substitution failed: ${pattern.message}` };
      const result = applyMutatePattern(resource, asObject(pattern) ?? {}, matchesPattern);
      if (result.kind === 'unmet') return unchanged;
      return result.kind === 'fault' ? failedPatch(result.message) : changeTo(resource, result.value);
    },
  };
}

const unchanged: Change = { kind: 'unchanged', message: 'no patches applied' };

function failedPatch(message: string): Change {
  return { kind: 'error', message: `failed to patch resource: ${message}` };
}

function changeTo(resource: JsonObject, patched: unknown): Change {
  const value = asObject(patched);
  if (value === undefined) return failedPatch('nothing is left of it');
  return equalJson(resource, value) ? unchanged : { kind: 'patched', value };
}

/** Operations without variables are read now. */
function compileOperations(text: string): CompiledPatcher {
  if (!hasVariables(text)) {
    const patch = readOperations(text);
    if (typeof patch === 'string') return { kind: 'invalid', message: `patchesJson6902: ${patch}` };
    return { kind: 'patcher', patch: (resource) => applyOperations(patch, resource) };
  }
  return {
    kind: 'patcher',
    patch: (resource, context) => {
      const replaced = substitute(text, context);
      if (replaced instanceof JmespathFault)
        return { kind: 'error', message: `variable substitution failed: ${replaced.message}` };
      const patch = readOperations(String(replaced));
      return typeof patch === 'string' ? failedPatch(patch) : applyOperations(patch, resource);
    },
  };
}

/** A patch, or what is wrong with its text. */
function readOperations(text: string): JsonPatch | string {
  const [document] = parseKubernetesYaml(text, 'patchesJson6902');
  const [fault] = document?.problems ?? [];
  if (document === undefined || fault !== undefined) return fault?.message ?? 'nothing is written there';
  const compiled = compileJsonPatch(document.value, 'kyverno');
  return compiled.kind === 'patch' ? compiled.patch : compiled.message;
}

function applyOperations(patch: JsonPatch, resource: JsonObject): Change {
  const result = applyJsonPatch(patch, resource);
  return result.kind === 'fault' ? failedPatch(result.message) : changeTo(resource, result.value);
}

interface Loops {
  readonly kind: 'loops';
  readonly loops: readonly Loop[];
}

interface Loop {
  readonly list: string;
  readonly isDescending: boolean;
  readonly context: unknown;
  readonly preconditions: Conditions;
  readonly body: Loops | Extract<CompiledPatcher, { kind: 'patcher' }>;
  readonly nesting: number;
}

function compileLoops(items: readonly unknown[], nesting: number): Loops | Invalid {
  if (nesting >= deepestLoop) return { kind: 'invalid', message: `loops are nested deeper than ${deepestLoop}` };
  const loops: Loop[] = [];
  for (const item of items) {
    const loop = asObject(item) ?? {};
    const isMerge = loop['patchStrategicMerge'] !== undefined;
    const preconditions = compileConditions(loop['preconditions']);
    if (preconditions.kind === 'invalid') return preconditions;
    const [fault] = contextFaults(loop['context']);
    if (fault !== undefined) return { kind: 'invalid', message: fault };
    const body =
      loop['foreach'] === undefined ? compilePatch(loop) : compileLoops(asArray(loop['foreach']), nesting + 1);
    if (body.kind === 'invalid') return body;
    loops.push({
      list: asString(loop['list']) ?? '',
      // Merges put what they touch in front, so that going backwards keeps the order.
      isDescending: (loop['order'] ?? (isMerge ? 'Descending' : '')) === 'Descending',
      context: loop['context'],
      preconditions: preconditions.evaluate,
      body,
      nesting,
    });
  }
  return { kind: 'loops', loops };
}

/** Each loop sees what the ones before it made; the elements of one loop all see what was there before it. */
function runLoops(loops: readonly Loop[], resource: JsonObject, evaluation: RuleEvaluation): Change {
  let current = resource;
  let { context } = evaluation;
  for (const loop of loops) {
    const list = context.query(loop.list);
    if (list instanceof JmespathFault)
      return { kind: 'error', message: `failed to evaluate list ${loop.list}: ${list.message}` };
    const elements = [...(Array.isArray(list) ? (list as readonly unknown[]) : [list]).entries()];
    for (const [index, element] of loop.isDescending ? elements.toReversed() : elements) {
      if (element === null || element === undefined) continue;
      const change = runElement(loop, current, { evaluation: { ...evaluation, context }, element, index });
      if (change.kind === 'error') return { kind: 'error', message: `failed to mutate elements: ${change.message}` };
      if (change.kind === 'patched') current = change.value;
    }
    context = context.extend([], { request: { ...asObject(context.data['request']), object: current } });
  }
  return changeTo(resource, current);
}

interface Turn {
  readonly evaluation: RuleEvaluation;
  readonly element: unknown;
  readonly index: number;
}

function runElement(loop: Loop, resource: JsonObject, { evaluation, element, index }: Turn): Change {
  const context = evaluation.context.extend(contextEntries(loop.context, evaluation.data), {
    element,
    elementIndex: index,
    [`element${loop.nesting}`]: element,
    [`elementIndex${loop.nesting}`]: index,
  });
  const holds = loop.preconditions(context);
  if (holds instanceof JmespathFault)
    return { kind: 'error', message: `failed to evaluate preconditions: ${holds.message}` };
  if (!holds.holds) return { kind: 'unchanged', message: 'preconditions not met' };
  return loop.body.kind === 'loops'
    ? runLoops(loop.body.loops, resource, { ...evaluation, context })
    : loop.body.patch(resource, context);
}
