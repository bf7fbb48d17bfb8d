// SPDX-License-Identifier: Apache-2.0
// `landwaiter provenance vsa create|verify`: a summary of a verification that takes place now, and the check of one that somebody signed.
import { hash } from 'node:crypto';
import { basename } from 'node:path';
import { statementAbout } from '../../evidence/provenance/generate/statement.ts';
import { type SummaryResult, summarize, verifySummary } from '../../evidence/provenance/summary.ts';
import type { Artifact } from '../../evidence/signatures/proof.ts';
import { parseProvenanceDocuments } from '../../formats/provenance-document.ts';
import { printable } from '../../formats/text-table.ts';
import type { PolicyReference } from '../../formats/verification-summary.ts';
import { summaryType } from '../../formats/verification-summary.ts';
import { reportTime } from '../../io/clock.ts';
import { evidenceOf } from '../../model/evidence.ts';
import { GraphBuilder } from '../../model/graph.ts';
import { defaultLimits } from '../../model/limits.ts';
import { subjectOf as modelSubject } from '../../model/subject.ts';
import { programName, version } from '../../model/version.ts';
import type { ProvenanceOperand } from '../provenance/artifact.ts';
import { openOperand } from '../provenance/artifact.ts';
import { readBytes } from '../provenance/trust.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { writeEvidence } from './evidence-file.ts';
import { formedOutput, plainOutput } from './outputs.ts';
import { refuseUnused } from './provenance-expectation.ts';
import { statementForms } from './provenance-generate.ts';
import { failureLines, provenanceText } from './provenance-output.ts';
import { verifyOperands } from './provenance-verify.ts';
import { requestedPolicy } from './signature-policy.ts';
import { usage } from './usage.ts';

/** Verifies as `provenance verify` does and writes what came of it. */
export async function createSummary(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const { form, write } = formedOutput(values, context, { command: 'provenance vsa create', forms: statementForms });
  if (operands.length !== 1) throw usage('a summary is about one artifact');
  const verifierId = needed(values, 'verifier-id', 'a URI that names who verifies');
  const resourceUri = needed(values, 'resource-uri', 'where the artifact is fetched from, such as a package URL');
  const [judged] = await verifyOperands(context, operands, values);
  if (judged === undefined) throw usage('no artifact is named');
  const { artifact, name, result, proofDigest } = judged;
  const predicate = summarize(result, {
    verifierId,
    verifierVersion: { [programName]: version },
    resourceUri,
    policy: policyOf(context, values),
    inputAttestations: [
      { uri: basename(values.text('provenance') ?? values.text('bundle') ?? name), digest: digestMap(proofDigest) },
    ],
    timeVerified: reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']),
  });
  const document =
    form === 'predicate'
      ? predicate
      : statementAbout([{ name, digests: artifact.digests.slice(0, 1) }], summaryType, predicate);
  write(`${JSON.stringify(document, undefined, 2)}\n`);
  context.stderr.write(provenanceText(name, result));
  return result.kind === 'verified' ? 0 : 1;
}

function needed(values: FlagValues, flag: 'verifier-id' | 'resource-uri', what: string): string {
  const value = values.text(flag);
  if (value === undefined || value === '') throw usage(`--${flag} is missing`, what);
  return value;
}

function digestMap(digest: string): Record<string, string> {
  const [algorithm = 'sha256', hex = ''] = digest.split(':');
  return { [algorithm]: hex };
}

/** `--policy-uri URI`, with the digest of `--policy-file` when it is at hand. */
function policyOf(context: CommandContext, values: FlagValues): PolicyReference | undefined {
  const uri = values.text('policy-uri');
  const file = values.text('policy-file');
  if (uri === undefined && file === undefined) return undefined;
  const digest = file === undefined ? {} : { sha256: hash('sha256', readBytes(file, context.cwd)) };
  return { uri: uri ?? file ?? '', digest };
}

const day = 86_400_000;

export async function checkSummary(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const [word] = operands;
  if (word === undefined || operands.length !== 1)
    throw usage('a summary is about one artifact', 'a file, a digest, or commit:HEX');
  const ofBuilds = 'a summary says which level was verified, not how; ask for it with --verified-level';
  refuseUnused(values, {
    'slsa-level': ofBuilds,
    'source-branch': ofBuilds,
    'source-tag': ofBuilds,
    'source-versioned-tag': ofBuilds,
    'source-digest': 'name the commit as the artifact: commit:HEX',
    'build-workflow-input': ofBuilds,
    'package-name': ofBuilds,
    'package-version': ofBuilds,
    'predicate-type': ofBuilds,
  });
  const file = values.text('bundle');
  if (file === undefined) throw usage('--bundle FILE with the signed summary is missing');
  const verifierId = needed(values, 'verifier-id', 'a summary is as good as its verifier: name the one you trust');
  const resourceUri = needed(values, 'resource-uri', 'where the artifact was fetched from');
  const output = plainOutput(values, context, 'provenance vsa verify');
  const { policy, trustRoot } = await requestedPolicy(context, values);
  const operand = await openOperand(word, context.cwd);
  const bytes = file === '-' ? await context.readStdin() : readBytes(file, context.cwd, defaultLimits.attestationBytes);
  const age = values.number('max-age');
  const sourceRef = values.text('source-ref');
  const levels = values.list('verified-level').flatMap((item) => item.split(','));
  const expectation = {
    verifierId,
    resourceUri,
    levels,
    ...(age === undefined ? {} : { maximumAge: age * day }),
    ...(sourceRef === undefined ? {} : { sourceRef }),
  };
  const artifact = artifactOf(operand);
  const result = verifyDocument(bytes, (proof) =>
    verifySummary(proof, { artifact, expectation, policy, trustRoot, time: context.clock.now() }),
  );
  if (output.form === 'json')
    output.write(
      `${JSON.stringify({ name: operand.name, verified: result.kind === 'verified', ...outcomeOf(result) }, undefined, 2)}\n`,
    );
  else output.write(textOf(operand.name, result));
  if (result.kind === 'refused') return 1;
  const graph = new GraphBuilder();
  const digest = artifact.commit ?? artifact.digests[0] ?? operand.name;
  const kind = operand.kind === 'commit' ? 'commit' : operand.kind === 'image' ? 'image' : 'file';
  const subject = graph.addSubject(modelSubject(kind, digest, operand.name, artifact.digests));
  const { summary } = result;
  graph.addEvidence(
    evidenceOf({
      subject: subject.id,
      kind: 'verification-summary',
      body: {
        artifact: artifact.commit === undefined ? artifact.digests : [`gitCommit:${artifact.commit}`],
        verifier: summary.verifierId,
        resourceUri: summary.resourceUri,
        timeVerified: summary.timeVerified,
        ...(summary.policy === undefined ? {} : { policyUri: summary.policy.uri }),
        levels: summary.verifiedLevels,
        proofDigest: `sha256:${hash('sha256', bytes)}`,
      },
      producer: { name: programName, version },
      source: operand.name,
      observedAt: reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']),
      trust: 'verified',
    }),
  );
  await writeEvidence(context, values.text('evidence'), graph);
  return 0;
}

function artifactOf(operand: ProvenanceOperand): Artifact {
  if (operand.kind !== 'image') return operand.artifact;
  if (operand.digest === undefined)
    throw usage(`${operand.name} names no digest`, 'name the image as REFERENCE@sha256:…');
  return { digests: [operand.digest] };
}

function verifyDocument(
  bytes: Uint8Array,
  verify: (proof: Parameters<typeof verifySummary>[0]) => SummaryResult,
): SummaryResult {
  const documents = parseProvenanceDocuments(bytes);
  const malformed = (reason: string): SummaryResult => ({
    kind: 'refused',
    failures: [{ code: 'DOCUMENT_MALFORMED', message: reason }],
  });
  if (documents.kind === 'malformed') return malformed(documents.reason);
  let reason: SummaryResult | undefined;
  for (const document of documents.value) {
    const proof =
      document.kind === 'bundle' ? document.bundle : document.kind === 'envelope' ? document.proof : undefined;
    const result = proof === undefined ? malformed('a summary stands in a bundle or an envelope') : verify(proof);
    if (result.kind === 'verified') return result;
    reason ??= result;
  }
  return reason ?? malformed('nothing stands in it');
}

function outcomeOf(result: SummaryResult): object {
  return result.kind === 'verified' ? { summary: result.summary } : { failures: result.failures };
}

function textOf(name: string, result: SummaryResult): string {
  const lines =
    result.kind === 'refused'
      ? failureLines(result.failures)
      : [
          `verifier  ${result.summary.verifierId}`,
          `resource  ${result.summary.resourceUri}`,
          `levels    ${result.summary.verifiedLevels.join(', ') || 'none'}`,
          `verified  ${result.summary.timeVerified || 'no time stated'}`,
          ...(result.summary.policy === undefined ? [] : [`policy    ${result.summary.policy.uri}`]),
        ];
  const verdict = result.kind === 'verified' ? 'verified' : 'REFUSED';
  return [`${printable(name)}: ${verdict}`, ...lines.map((line) => `  ${printable(line)}`), ''].join('\n');
}
