// SPDX-License-Identifier: Apache-2.0
// `landwaiter verify IMAGE... --policy PATH`: what the ClusterImagePolicies that are about an image say. An image that no policy is about is not
// verified.
import { formatReference, parseReference } from '../../formats/oci/reference.ts';
import { printable } from '../../formats/text-table.ts';
import { reportTime } from '../../io/clock.ts';
import { shortDigest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import { GraphBuilder } from '../../model/graph.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import { noData } from '../../policy/data-provider.ts';
import type { PolicyDecision } from '../../policy/engine.ts';
import { imagePolicyEngine } from '../../policy/image-policy/engine.ts';
import { readDocuments } from '../policy/policy-files.ts';
import { sortUntaken } from '../policy/untaken-policies.ts';
import type { ImageLookups } from '../signatures/image-lookups.ts';
import { recordSignatures } from '../signatures/record-signatures.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { writeEvidence } from './evidence-file.ts';
import type { FlagName } from './flags.ts';
import { openImageLookups } from './image-policy-lookups.ts';
import { plainOutput } from './outputs.ts';
import { warnOfProblems } from './policy-inputs.ts';

interface Judged {
  readonly image: string;
  readonly decisions: readonly PolicyDecision[];
}

/** What the policies say themselves. */
const signerFlags: readonly FlagName[] = [
  'key',
  'certificate-identity',
  'certificate-identity-regexp',
  'certificate-oidc-issuer',
  'certificate-oidc-issuer-regexp',
  'certificate-chain',
  'ca-roots',
  'attachment',
  'platform',
];

/** Exit status: 3 where somebody could not look or a policy could not be read, else 1 where a policy refuses or none is about the image, else 0. */
export async function verifyByPolicy(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  checkUsage(operands, values);
  const output = plainOutput(values, context, 'verification');
  const read = await readDocuments(values.list('policy'), context);
  const own = read.documents.filter((document) => imagePolicyEngine.accepts(document));
  const compiled = imagePolicyEngine.compile(own, { unbound: 'apply' });
  // Policies of other dialects judge nothing here, and must not pass for satisfied.
  const { problems: untaken } = sortUntaken(read.documents.filter((document) => !imagePolicyEngine.accepts(document)));
  const problems = [...read.problems, ...compiled.problems, ...untaken];
  warnOfProblems(context, problems);
  if (compiled.policies.length === 0 && problems.length === 0)
    throw new LandwaiterError({ code: 'USAGE', message: 'there is no ClusterImagePolicy in what --policy names' });
  const lookups = openImageLookups(context, values);
  const secrets = read.documents.map(({ object }) => object).filter(({ kind }) => kind === 'Secret');
  const cluster = {
    objects: ({ kind }: { readonly kind: string }) => (kind === 'Secret' ? secrets : []),
    namespace: () => undefined,
  };
  const judge = (): readonly Judged[] =>
    operands.map((operand) => {
      const image = bareName(operand);
      // Policies speak of workloads; an image alone is one that runs nothing else.
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'image' }, spec: { containers: [{ image }] } };
      const data = { cluster, provider: { ...noData, ...lookups } };
      return { image, decisions: compiled.judge(requestFor(pod), data).decisions };
    });
  let judged = judge();
  while (await lookups.settle()) judged = judge();
  if (output.form === 'json') output.write(`${JSON.stringify(judged, undefined, 2)}\n`);
  else output.write(judged.map(textOf).join(''));
  await record(context, lookups, values);
  const statuses = judged.map(({ decisions }) => statusOf(decisions));
  return Math.max(problems.some(({ hidesFindings }) => hidesFindings) ? 3 : 0, ...statuses);
}

function checkUsage(operands: readonly string[], values: FlagValues): void {
  const usage = (message: string): LandwaiterError => new LandwaiterError({ code: 'USAGE', message });
  if (operands.length === 0) throw usage('no image is named');
  const named = signerFlags.find((name) => values.list(name).length > 0);
  if (named !== undefined) throw usage(`--policy and --${named} cannot both say who must have signed`);
  for (const operand of operands) {
    const parsed = parseReference(bareName(operand));
    if (values.isSet('local-image') || operand.startsWith('oci-'))
      throw usage('image policies speak of names in registries; a layout has none');
    if (parsed.kind === 'invalid') throw usage(`"${operand}" is no image name: ${parsed.reason}`);
  }
}

function bareName(operand: string): string {
  return operand.startsWith('image:') ? operand.slice('image:'.length) : operand;
}

const words: Readonly<Record<PolicyDecision['outcome'], string>> = {
  pass: 'satisfied',
  fail: 'refused',
  error: 'could not look',
  skip: 'refused',
};

function textOf({ image, decisions }: Judged): string {
  const lines = decisions.map(({ policy, outcome, effect, message }) => {
    const word = outcome === 'fail' && effect === 'warn' ? 'warning' : words[outcome];
    return `  ${word}: ${policy}: ${printable(message.slice(message.startsWith(image) ? image.length + 2 : 0))}`;
  });
  return `${printable(image)}\n${lines.join('\n')}\n`;
}

function statusOf(decisions: readonly PolicyDecision[]): 0 | 1 | 3 {
  if (decisions.some(({ outcome }) => outcome === 'error')) return 3;
  const isRefused = ({ outcome, effect }: PolicyDecision): boolean =>
    outcome === 'skip' || (outcome === 'fail' && effect !== 'warn');
  return decisions.length === 0 || decisions.some(isRefused) ? 1 : 0;
}

async function record(context: CommandContext, lookups: ImageLookups, values: FlagValues): Promise<void> {
  const file = values.text('evidence');
  if (file === undefined) return;
  const graph = new GraphBuilder();
  const observedAt = reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']);
  for (const { image, subject, opened, proof } of lookups.accepted)
    recordSignatures(
      graph,
      { kind: subject.kind, name: nameOf(image), artifact: { digests: [proof.image] } },
      { ...opened, observedAt, signatures: [{ verified: proof.verified, proofDigest: proof.proof.id }] },
    );
  context.log.debug(`${lookups.accepted.map(({ proof }) => shortDigest(proof.image)).join(', ')} recorded`);
  await writeEvidence(context, file, graph);
}

function nameOf(image: string): string {
  const parsed = parseReference(image);
  return parsed.kind === 'reference' ? formatReference(parsed.reference) : image;
}
