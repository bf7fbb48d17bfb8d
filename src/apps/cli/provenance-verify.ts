// SPDX-License-Identifier: Apache-2.0
// `landwaiter provenance verify`: operands to verdicts. Also what `provenance vsa create` rests on. One operand that fails decides for all.
import { hash } from 'node:crypto';
import { failure } from '../../evidence/provenance/failure.ts';
import { recordProvenance } from '../../evidence/provenance/record.ts';
import type { ProvenanceRequest } from '../../evidence/provenance/request.ts';
import type { ProvenanceResult } from '../../evidence/provenance/result.ts';
import { refused } from '../../evidence/provenance/result.ts';
import { verifyProofs, verifyProvenance } from '../../evidence/provenance/verify.ts';
import type { Artifact } from '../../evidence/signatures/proof.ts';
import { reportTime } from '../../io/clock.ts';
import { RegistryError } from '../../io/registry/outcome.ts';
import type { Digest } from '../../model/digest.ts';
import { GraphBuilder } from '../../model/graph.ts';
import { defaultLimits } from '../../model/limits.ts';
import { programName, version } from '../../model/version.ts';
import { openOperand, type ProvenanceOperand } from '../provenance/artifact.ts';
import { openTrust, readBytes } from '../provenance/trust.ts';
import { collectProofs } from '../signatures/collect.ts';
import { resolveSubject } from '../signatures/verify-image.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { writeEvidence } from './evidence-file.ts';
import { plainOutput } from './outputs.ts';
import { openProofPlace } from './proof-place.ts';
import { expectationOf } from './provenance-expectation.ts';
import { printProvenance, provenanceText } from './provenance-output.ts';
import { usage } from './usage.ts';

export interface JudgedOperand {
  readonly name: string;
  readonly kind: 'file' | 'image' | 'package';
  readonly artifact: Artifact;
  readonly result: ProvenanceResult;
  /** `sha256:` of what the provenance stood in. */
  readonly proofDigest: string;
}

export async function verifyOperands(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<readonly JudgedOperand[]> {
  if (operands.length === 0)
    throw usage(
      'no artifact is named',
      'landwaiter provenance verify app.tar.gz --provenance app.intoto.jsonl --source-uri github.com/OWNER/REPOSITORY',
    );
  const expectation = expectationOf(values);
  const trust = openTrust({
    cwd: context.cwd,
    trustedRoot: values.text('trusted-root'),
    registryKeys: values.text('registry-keys'),
    serviceKeys: values.text('service-keys'),
    log: values.isSet('insecure-ignore-tlog') ? 'not-asked-for' : 'required',
  });
  const file = values.text('provenance') ?? values.text('bundle');
  const document = file === undefined ? undefined : await readDocument(context, file);
  const time = context.clock.now();
  const judged: JudgedOperand[] = [];
  for (const word of operands) {
    const operand = await openOperand(word, context.cwd);
    judged.push(await judge(context, operand, { values, document, base: { expectation, trust, time } }));
  }
  return judged;
}

async function readDocument(context: CommandContext, file: string): Promise<Uint8Array> {
  return file === '-' ? context.readStdin() : readBytes(file, context.cwd, defaultLimits.attestationBytes);
}

interface Judging {
  readonly values: FlagValues;
  readonly document: Uint8Array | undefined;
  readonly base: Omit<ProvenanceRequest, 'artifact'>;
}

async function judge(context: CommandContext, operand: ProvenanceOperand, judging: Judging): Promise<JudgedOperand> {
  const { document, base } = judging;
  if (operand.kind === 'image') return judgeImage(context, operand, judging);
  if (operand.kind === 'commit') throw usage('a commit has no build provenance', 'provenance vsa verify takes commits');
  const { artifact, name } = operand;
  if (document === undefined)
    throw usage(`nothing says where the provenance of ${name} is`, 'name it: --provenance FILE or --bundle FILE');
  return judgedBy(document, { name, kind: 'file', artifact, base });
}

interface Subject {
  readonly name: string;
  readonly kind: JudgedOperand['kind'];
  readonly artifact: Artifact;
  readonly base: Judging['base'];
}

function judgedBy(document: Uint8Array, { name, kind, artifact, base }: Subject): JudgedOperand {
  const result = verifyProvenance(document, { ...base, artifact });
  const isPackage = result.kind === 'verified' && result.package !== undefined;
  return {
    name,
    kind: isPackage ? 'package' : kind,
    artifact,
    result,
    proofDigest: `sha256:${hash('sha256', document)}`,
  };
}

async function judgeImage(
  context: CommandContext,
  operand: Extract<ProvenanceOperand, { kind: 'image' }>,
  { values, document, base }: Judging,
): Promise<JudgedOperand> {
  const { name, place } = operand;
  if (document !== undefined && operand.digest !== undefined)
    return judgedBy(document, { name, kind: 'image', artifact: { digests: [operand.digest] }, base });
  const opened = openProofPlace(context, place, values);
  try {
    const subject = await resolveSubject(opened.images, { name: opened.manifest });
    if (subject.kind === 'unknown') throw new RegistryError(subject);
    if (subject.kind === 'none')
      throw new RegistryError({ code: 'REGISTRY_INVALID', reason: `${name}: there is no such image` });
    const { digest } = subject.value;
    // slsa-verifier refuses names that somebody can move (ErrorMutableImage): what was verified would not be what is run.
    if (place.startsWith('image:') && operand.digest === undefined) return mutable(name, digest);
    const artifact = { digests: [digest] };
    if (document !== undefined) return judgedBy(document, { name, kind: 'image', artifact, base });
    const found = await collectProofs(opened.proofs, { image: digest, kinds: ['attestation'] });
    if (found.kind === 'unknown') throw new RegistryError(found);
    const proofs = found.kind === 'none' ? [] : found.value.proofs;
    const readable = proofs.flatMap(({ content, id }) =>
      content.kind === 'proof'
        ? [{ id, proof: content.proof }]
        : content.kind === 'bundle'
          ? [{ id, proof: content.bundle }]
          : [],
    );
    const result = verifyProofs(
      readable.map(({ proof }) => proof),
      { ...base, artifact },
    );
    // A place that could not be read may hold what is missing: that is not a refusal.
    const [unread] = found.kind === 'found' ? found.value.unread : [];
    if (result.kind === 'refused' && unread !== undefined) throw new RegistryError(unread);
    const signature = result.kind === 'verified' ? result.signature : undefined;
    const proof = signature?.kind === 'sigstore' ? signature.proof : undefined;
    const proofDigest = readable.find((item) => item.proof === proof)?.id ?? digest;
    return { name, kind: 'image', artifact, result, proofDigest };
  } finally {
    opened.close();
  }
}

function mutable(name: string, digest: Digest): JudgedOperand {
  const pinned = `${name.replace(/:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, '')}@${digest}`;
  const result = refused(
    failure('IMAGE_MUTABLE', 'a tag can be moved; name the image by its digest', { expected: pinned, actual: name }),
  );
  return { name, kind: 'image', artifact: { digests: [digest] }, result, proofDigest: digest };
}

/** Runs the command. Returns the exit status. */
export async function runVerify(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const output = plainOutput(values, context, 'provenance verify');
  const judged = await verifyOperands(context, operands, values);
  if (values.isSet('print-provenance')) output.write(judged.flatMap(({ result }) => printProvenance(result)).join(''));
  else if (output.form === 'json') output.write(`${JSON.stringify(judged.map(jsonOf), undefined, 2)}\n`);
  else output.write(judged.map(({ name, result }) => provenanceText(name, result)).join(''));
  // What is not on stdout must still be told.
  if (values.isSet('print-provenance'))
    for (const { name, result } of judged) context.stderr.write(provenanceText(name, result));
  await recordAll(context, judged, values.text('evidence'));
  return judged.every(({ result }) => result.kind === 'verified') ? 0 : 1;
}

function jsonOf({ name, kind, artifact, result }: JudgedOperand): unknown {
  const base = { name, kind, digests: artifact.digests, verified: result.kind === 'verified' };
  if (result.kind === 'refused') return { ...base, failures: result.failures };
  const { build, level, statement, signature } = result;
  return {
    ...base,
    predicateType: statement.predicateType,
    build,
    level: { track: 'build', ...level },
    ...(result.package === undefined ? {} : { package: result.package }),
    isLogged: signature.kind === 'service-key' || signature.isLogged,
  };
}

async function recordAll(
  context: CommandContext,
  judged: readonly JudgedOperand[],
  file: string | undefined,
): Promise<void> {
  if (file === undefined) return;
  const graph = new GraphBuilder();
  const observedAt = reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']);
  for (const { name, kind, artifact, result, proofDigest } of judged)
    if (result.kind === 'verified')
      recordProvenance(
        graph,
        { result, artifact, kind, name, proofDigest },
        { producer: { name: programName, version }, source: name, observedAt },
      );
  await writeEvidence(context, file, graph);
}
