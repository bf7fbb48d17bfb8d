// SPDX-License-Identifier: Apache-2.0
// `landwaiter policy explain`: why an object is refused, which part of the policy decided with which value, and the smallest change that would make it pass.
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { printable } from '../../formats/text-table.ts';
import type { Location } from '../../model/location.ts';
import { formatLocation } from '../../model/location.ts';
import type { PolicyEffect, ProposedChange, Reason } from '../../policy/engine.ts';
import type { EngineDecision } from '../../policy/policy-set.ts';
import { describeObject } from '../../policy/policy-set.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { plainOutput } from './outputs.ts';
import type { PolicyInputs } from './policy-inputs.ts';
import { readPolicyInputs, warnOfProblems } from './policy-inputs.ts';
import { judgeObjects, policySurroundings } from './policy-surroundings.ts';

interface Explained {
  readonly object: string;
  readonly place: Location;
  readonly policy: string;
  readonly outcome: string;
  readonly effect: PolicyEffect;
  readonly message: string;
  readonly policyPlace: Location | undefined;
  readonly because: readonly Reason[];
  readonly changes: readonly ProposedChange[];
}

/** Exit 0 when everything passes, 1 when something fails, 3 when something could not be judged. */
export async function explain(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const output = plainOutput(values, context, 'policy explain');
  const inputs = await readPolicyInputs(context, operands, values, 'on');
  const { problems } = inputs;
  // That a policy does more than judge is nothing to explain.
  warnOfProblems(
    context,
    problems.filter(({ kind, hidesFindings }) => hidesFindings || kind !== 'unsupported'),
  );
  const surroundings = policySurroundings(context, values, inputs);
  // Nothing is recorded of an explanation.
  const options = { ...surroundings, subject: '', evidence: [] };
  const { results } = await judgeObjects(context, values, { inputs, options });
  const explained = results
    .filter(({ decision: { outcome } }) => outcome === 'fail' || outcome === 'error')
    .map(({ decision, resource }) => explainedOf(decision, resource));
  if (output.form === 'json') output.write(`${JSON.stringify(explained, undefined, 2)}\n`);
  else {
    const parts = explained.map(textOf);
    output.write(`${parts.length === 0 ? contentWith(inputs) : parts.join('\n\n')}\n`);
  }
  if (explained.some(({ outcome }) => outcome === 'fail')) return 1;
  return explained.length > 0 || problems.some(({ hidesFindings }) => hidesFindings) ? 3 : 0;
}

/** Nothing to explain, for what was looked at. */
function contentWith({ resources, problems }: PolicyInputs): string {
  if (resources.length === 0) return 'There are no objects to judge; --resource names some.';
  const objects = resources.length === 1 ? 'this object' : `these ${resources.length} objects`;
  if (!problems.some(({ hidesFindings }) => hidesFindings)) return `Every policy lets ${objects} pass.`;
  return `What could be judged lets ${objects} pass; what could not is told on standard error.`;
}

function explainedOf(decision: EngineDecision, resource: KubernetesResource): Explained {
  const { policy, rule, outcome, effect, message, location, at, because = [], changes = [] } = decision;
  return {
    object: describeObject(resource.object),
    place: resource.locate(at ?? ['metadata', 'name']),
    policy: rule === '' ? policy : `${policy}/${rule}`,
    outcome,
    effect,
    message,
    policyPlace: location,
    because,
    changes,
  };
}

const verdicts: Readonly<Record<PolicyEffect, string>> = {
  deny: 'is refused by',
  warn: 'is let in with a warning by',
  audit: 'is let in, and noted, by',
};

function textOf({ object, place, policy, outcome, effect, message, policyPlace, because, changes }: Explained): string {
  const verdict = outcome === 'fail' ? verdicts[effect] : 'could not be judged by';
  return [
    `${printable(object)} (${formatLocation(place)}) ${verdict} ${printable(policy)}`,
    `  ${printable(message)}`,
    ...(policyPlace === undefined ? [] : [`  decided at ${formatLocation(policyPlace)}`]),
    ...because.map(
      ({ text, value, role }) =>
        `  ${role === 'decides' ? 'because' : '   from'} ${printable(text)}  is  ${printable(short(value))}`,
    ),
    ...(changes.length === 0 ? [] : ['  it would pass with']),
    ...changes.map((change) => `    ${printable(describeChange(change))}`),
  ].join('\n');
}

function short(value: string): string {
  return value.length > 120 ? `${value.slice(0, 119)}…` : value;
}

/** `spec.containers[0].securityContext.privileged: false`, or that it is removed. */
function describeChange({ op, at, value }: ProposedChange): string {
  const path = at
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`))
    .join('');
  return op === 'remove' ? `${path} removed` : `${path}: ${JSON.stringify(value)}`;
}
