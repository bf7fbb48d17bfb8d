// SPDX-License-Identifier: Apache-2.0
// `landwaiter policy translate`: ClusterPolicies as policies in CEL on standard output; what cannot be carried over, and what is decided otherwise, on
// standard error. With objects, both are run on each and must say the same.
import { randomInt } from 'node:crypto';
import type { JsonObject } from '../../formats/document.ts';
import { asString } from '../../formats/document.ts';
import { printKubernetesYaml } from '../../formats/kubernetes-yaml/print.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { LandwaiterError } from '../../model/error.ts';
import { formatLocation } from '../../model/location.ts';
import { plural } from '../../model/quantity.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import { isKyvernoPolicy } from '../../policy/kyverno/policy.ts';
import { Queries } from '../../policy/kyverno/queries.ts';
import { admissionPoliciesOf } from '../../policy/kyverno/translate/to-admission-policy.ts';
import type { Translation } from '../../policy/kyverno/translate/translate-policy.ts';
import { translatePolicy } from '../../policy/kyverno/translate/translate-policy.ts';
import { describeObject } from '../../policy/policy-set.ts';
import { knownObjectsProvider } from '../policy/known-objects.ts';
import { readDocuments } from '../policy/policy-files.ts';
import type { ProofDifference } from '../policy/translation-proof.ts';
import { translationDifferences } from '../policy/translation-proof.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

/** Exit 0 when everything is carried over, 1 when a rule is not or judges an object otherwise, 3 when something could not be read. */
export async function translate(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  if (operands.length === 0)
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'policy translate needs the files or folders of policies',
      hint: 'landwaiter policy translate policies/ > cel.yaml',
    });
  const { documents, problems } = await readDocuments(operands, context);
  const objects = await readDocuments(values.list('resource'), context);
  const policies = documents.filter(({ object }) => isKyvernoPolicy(object));
  if (policies.length === 0 && problems.length === 0)
    throw new LandwaiterError({
      code: 'TARGET_NOT_FOUND',
      message: `there is no ClusterPolicy or Policy of Kyverno in ${operands.join(', ')}`,
      hint: 'policies of other kinds are in CEL already, or not of Kyverno',
    });
  for (const problem of [...problems, ...objects.problems])
    context.log.warn(`${formatLocation(problem.location)}: ${problem.message}`);
  let left = 0;
  let written = 0;
  const isForKubernetes = values.text('dialect') === 'kubernetes';
  for (const policy of policies) {
    const translation = translatePolicy(policy.object);
    const refusals = [...translation.refusals];
    for (const { rule, object } of translation.policies) {
      const made = isForKubernetes ? admissionPoliciesOf(object) : { kind: 'policies' as const, objects: [object] };
      if (made.kind === 'refused') refusals.push({ rule, reason: made.reason });
      else written += write(context, made.objects);
    }
    const place = formatLocation(policy.locate(['metadata', 'name']));
    for (const { rule, reason } of refusals) context.log.warn(`${place}: rule ${rule} is not carried over: ${reason}`);
    for (const { rule, reason } of translation.remarks) context.log.info(`${place}: rule ${rule}: ${reason}`);
    const proof = { context, values, documents: objects.documents };
    left += refusals.length + tellDifferences(policy, await differencesOf(policy, translation, proof), context);
  }
  context.log.info(`${plural(policies.length, 'policy', 'policies')} read, ${plural(written, 'document')} written`);
  if (left > 0) return 1;
  return [...problems, ...objects.problems].some(({ hidesFindings }) => hidesFindings) ? 3 : 0;
}

function write({ stdout }: CommandContext, objects: readonly JsonObject[]): number {
  stdout.write(printKubernetesYaml(objects));
  return objects.length;
}

interface Proof {
  readonly context: CommandContext;
  readonly values: FlagValues;
  readonly documents: readonly KubernetesResource[];
}

/** Both judge every object; with --registry until all images are looked up. */
async function differencesOf(
  policy: KubernetesResource,
  translation: Translation,
  { context, values, documents }: Proof,
): Promise<readonly ProofDifference[]> {
  if (documents.length === 0) return [];
  const queries = new Queries({
    now: () => context.clock.now(),
    random: (below) => randomInt(below),
    addressesOf: () => undefined,
  });
  const known = documents.map(({ object }) => object);
  const lookups = values.isSet('registry')
    ? (await import('./image-policy-lookups.ts')).openImageLookups(context, values)
    : undefined;
  const data = { ...knownObjectsProvider({ objects: () => known, knowledge: 'partial' }), ...lookups };
  const cases = known.map((object) => ({
    request: { operation: 'CREATE', object: requestFor(object).object ?? object },
  }));
  for (let round = 0; ; round += 1) {
    const differences = translationDifferences(policy, translation, { queries, data, cases });
    if (round >= mostRounds || lookups === undefined || !(await lookups.settle())) return differences;
  }
}

/** Answers can lead to further questions; more rounds than this mean that somebody asks in circles. */
const mostRounds = 20;

/** How many there are. */
function tellDifferences(
  policy: KubernetesResource,
  differences: readonly ProofDifference[],
  { log }: CommandContext,
): number {
  for (const { kind, rule, object, original, translated } of differences) {
    const place = `${describeObject(policy.object)}: rule ${rule}`;
    if (kind === 'not-compared')
      log.warn(`${place} was not compared on ${object}, which neither could judge: ${original}`);
    else
      log.warn(
        `${place} judges ${object === '' ? 'nothing' : object} otherwise: ${original} / ${asString(translated) ?? ''}`,
      );
  }
  return differences.length;
}
