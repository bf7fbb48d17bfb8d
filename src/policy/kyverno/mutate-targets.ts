// SPDX-License-Identifier: Apache-2.0
// mutate rules about other objects than the request's (`targets`; Kyverno pkg/engine/handlers/mutation/mutate_existing.go and load_targets.go): what
// they become is told in the outcome, and written by whoever asked, in the background.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { matchesWildcard } from '../../formats/wildcard.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import type { Conditions } from './conditions.ts';
import { compileConditions } from './conditions.ts';
import { contextEntries, contextFaults } from './context-entries.ts';
import { matchesWildcardSelector } from './match.ts';
import type { Change } from './mutate-rule.ts';
import type { CompiledBody, RuleEvaluation, RuleOutcome, RuleStatus } from './rule.ts';
import { substitute } from './substitute.ts';

interface Target {
  /** With variables. */
  readonly source: JsonObject;
  readonly context: unknown;
  readonly preconditions: Conditions;
}

type ChangeOne = (object: JsonObject, evaluation: RuleEvaluation) => Change;

export function compileTargets(items: readonly unknown[], rule: string, change: ChangeOne): CompiledBody {
  const targets: Target[] = [];
  for (const item of items) {
    const { context, preconditions, ...source } = asObject(item) ?? {};
    if (asString(source['apiVersion']) === undefined || asString(source['kind']) === undefined)
      return { kind: 'invalid', message: 'a target needs apiVersion and kind' };
    if (asString(source['kind'])?.includes('/') === true)
      return { kind: 'invalid', message: 'targets that are subresources are not supported yet' };
    const conditions = compileConditions(preconditions);
    if (conditions.kind === 'invalid') return conditions;
    const [fault] = contextFaults(context);
    if (fault !== undefined) return { kind: 'invalid', message: fault };
    targets.push({ source, context, preconditions: conditions.evaluate });
  }
  return { kind: 'body', run: (evaluation) => runTargets(targets, rule, { evaluation, change }) };
}

interface Run {
  readonly evaluation: RuleEvaluation;
  readonly change: ChangeOne;
}

/** One that fails does not keep the others from being changed, but makes the outcome an error. */
function runTargets(targets: readonly Target[], rule: string, run: Run): RuleOutcome {
  const changed: JsonObject[] = [];
  const faults: string[] = [];
  for (const target of targets) {
    const objects = objectsOf(target.source, run.evaluation);
    if (typeof objects === 'string') faults.push(objects);
    else
      for (const object of objects) {
        const result = changeTarget(target, object, run);
        if (result.kind === 'patched') changed.push(result.value);
        if (result.kind === 'error') faults.push(result.message);
      }
  }
  const said = (status: RuleStatus, message: string): RuleOutcome => ({
    rule,
    type: 'mutate',
    status,
    message,
    targets: changed,
  });
  if (faults.length > 0) return said('error', faults.join('; '));
  return changed.length === 0 ? said('skip', 'no patches applied') : said('pass', `mutated ${changed.length} targets`);
}

function changeTarget(target: Target, object: JsonObject, { evaluation, change }: Run): Change {
  const context = evaluation.context.extend(contextEntries(target.context, evaluation.data), { target: object });
  const holds = target.preconditions(context);
  if (holds instanceof JmespathFault)
    return { kind: 'error', message: `failed to evaluate preconditions: ${holds.message}` };
  if (!holds.holds) return { kind: 'unchanged', message: 'preconditions not met' };
  return change(object, { ...evaluation, context });
}

/** The objects a target names, or why they are not known. */
function objectsOf(source: JsonObject, { context, data }: RuleEvaluation): readonly JsonObject[] | string {
  const resolved = substitute(source, context);
  if (resolved instanceof JmespathFault) return `failed to substitute variables in target: ${resolved.message}`;
  const wanted = asObject(resolved) ?? {};
  const text = (key: string): string => asString(wanted[key]) ?? '';
  const lookup = data.objects?.(text('apiVersion'), text('kind')) ?? { kind: 'unavailable' as const };
  if (lookup.kind === 'absent') return [];
  if (lookup.kind !== 'found')
    return lookup.kind === 'failed' ? lookup.message : `targets of kind ${text('kind')} are not known here`;
  const selector = asObject(wanted['selector']);
  return lookup.value.filter((object) => {
    const metadata = asObject(object['metadata']);
    const fits = (key: 'name' | 'namespace'): boolean =>
      text(key) === '' || matchesWildcard(text(key), asString(metadata?.[key]) ?? '');
    return (
      fits('name') &&
      fits('namespace') &&
      (selector === undefined || matchesWildcardSelector(selector, asObject(metadata?.['labels']) ?? {}))
    );
  });
}
