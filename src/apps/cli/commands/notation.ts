// SPDX-License-Identifier: Apache-2.0
// `landwaiter notation`: signatures of the Notary Project, judged by the trust policy and the trust stores of notation's configuration folder, made with
// its keys. Verifying asks the registry for the image and what refers to it, and nobody else unless --revocation says so.
import { parseNotationEnvelope } from '../../../evidence/signatures/notation/verify.ts';
import type { TrustPolicy, TrustPolicyStatement } from '../../../formats/notation/trust-policy.ts';
import { statementForRepository } from '../../../formats/notation/trust-policy.ts';
import { printable } from '../../../formats/text-table.ts';
import { reportTime } from '../../../io/clock.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { GraphBuilder } from '../../../model/graph.ts';
import type { FoundSignature } from '../../signatures/notation-attachment.ts';
import { findNotation } from '../../signatures/notation-attachment.ts';
import type { NotationFolder } from '../../signatures/notation-folder.ts';
import { verifyNotationImage } from '../../signatures/notation-verify.ts';
import { recordNotation } from '../../signatures/record-notation.ts';
import { actionsOf } from '../actions.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { writeEvidence } from '../evidence-file.ts';
import { notationFolderOf } from '../notation-keys.ts';
import { manifestOf } from '../notation-manifest.ts';
import type { NotationJudgement } from '../notation-output.ts';
import {
  claimedJson,
  exitOfResult,
  judgementJson,
  judgementText,
  resultOf,
  warnOfJudgement,
} from '../notation-output.ts';
import { notationFetcher } from '../notation-revocation.ts';
import { plainOutput } from '../outputs.ts';
import type { ProofPlace } from '../proof-place.ts';
import { openPlaceWith } from '../proof-place.ts';
import { annotationsOf } from '../signature-policy.ts';
import { unknownText } from '../verification-output.ts';

export const run = actionsOf('notation', {
  verify: () => verify,
  list: () => list,
  ls: () => list,
  sign: async () => (await import('../notation-sign.ts')).sign,
  blob: async () => (await import('../notation-blob.ts')).blob,
  cert: async () => (await import('../notation-certificates.ts')).certificates,
  key: async () => (await import('../notation-signing-keys.ts')).signingKeys,
  policy: async () => (await import('../notation-policy.ts')).trustPolicy,
});

async function verify(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  if (operands.length === 0) throw noImage('verify');
  const output = plainOutput(values, context, 'verification');
  const folder = notationFolderOf(context, values);
  const policy = folder.trustPolicy('oci');
  if (policy === undefined)
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: `${folder.root}: there is no trust policy (trustpolicy.oci.json or trustpolicy.json)`,
      hint: '--notation-config FOLDER or NOTATION_CONFIG names another folder',
    });
  const judged: NotationJudgement[] = [];
  for (const operand of operands) judged.push(await judge(context, operand, { values, folder, policy }));
  if (output.form === 'json') output.write(`${JSON.stringify(judged.map(judgementJson), undefined, 2)}\n`);
  else output.write(judged.map(judgementText).join(''));
  for (const item of judged) warnOfJudgement(context, item);
  await record(context, judged, values.text('evidence'));
  return Math.max(...judged.map((item) => exitOfResult[resultOf(item)]));
}

interface Judging {
  readonly values: FlagValues;
  readonly folder: NotationFolder;
  readonly policy: TrustPolicy;
}

async function judge(
  context: CommandContext,
  operand: string,
  { values, folder, policy }: Judging,
): Promise<NotationJudgement> {
  const place = openPlaceWith(context, operand, { values, insecure: folder.settings().insecureRegistries });
  const network = notationFetcher(context, values);
  try {
    const { name } = place;
    const statement = statementFor(place, policy);
    if (statement.level === 'skip') return { kind: 'skipped', name, statement };
    const manifest = await manifestOf(place);
    const verdict = await verifyNotationImage(place.images, manifest, {
      folder,
      statement,
      annotations: annotationsOf(values) ?? {},
      now: context.clock.now(),
      fetcher: network.fetcher,
      environment: context.environment,
    });
    return { kind: 'judged', name, manifest, statement, verdict };
  } finally {
    network.close();
    place.close();
  }
}

/** A layout has no repository: only the statement for all can be about it. Throws CONFIG_INVALID. */
function statementFor({ reference, name }: ProofPlace, policy: TrustPolicy): TrustPolicyStatement {
  const repository = reference === undefined ? '*' : `${reference.registry}/${reference.repository}`;
  const statement = statementForRepository(policy, repository);
  if (statement !== undefined) return statement;
  throw new LandwaiterError({
    code: 'CONFIG_INVALID',
    message: `no statement of the trust policy is about ${reference === undefined ? name : repository}`,
    hint: 'registryScopes of a statement names REGISTRY/REPOSITORY, or "*"',
  });
}

async function record(
  context: CommandContext,
  judged: readonly NotationJudgement[],
  file: string | undefined,
): Promise<void> {
  if (file === undefined) return;
  const graph = new GraphBuilder();
  const observedAt = reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']);
  for (const item of judged) {
    if (item.kind === 'skipped' || item.verdict.accepted === undefined) continue;
    if (!recordNotation(graph, item, observedAt))
      context.log.warn(`${printable(item.name)}: no evidence, because nobody vouches for the signer`);
  }
  await writeEvidence(context, file, graph);
}

async function list(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [operand, ...rest] = operands;
  if (operand === undefined || rest.length > 0) throw noImage('list');
  const output = plainOutput(values, context, 'list');
  const { insecureRegistries: insecure } = notationFolderOf(context, values).settings();
  const place = openPlaceWith(context, operand, { values, insecure });
  try {
    const { digest } = await manifestOf(place);
    const outcome = await findNotation(place.images, digest);
    const signatures = outcome.kind === 'found' ? outcome.value.signatures : [];
    const unread = outcome.kind === 'found' ? outcome.value.unread : outcome.kind === 'unknown' ? [outcome] : [];
    const listed = signatures.map(listedSignature);
    if (output.form === 'json') {
      const places = unread.map(({ code, reason }) => ({ code, reason }));
      output.write(
        `${JSON.stringify({ image: place.name, digest, signatures: listed, unread: places }, undefined, 2)}\n`,
      );
    } else {
      const lines = [`${printable(place.name)}@${digest}`, ...listed.flatMap(signatureText)];
      if (listed.length === 0 && unread.length === 0) lines.push('  no signature of the Notary Project');
      lines.push(...unread.map((item) => `  ${unknownText(item)}`));
      if (listed.length > 0) lines.push('What signatures say of themselves; none was verified.');
      output.write(`${lines.join('\n')}\n`);
    }
    if (unread.length > 0) return 3;
    return listed.length > 0 ? 0 : 1;
  } finally {
    place.close();
  }
}

interface ListedSignature {
  readonly manifest: string;
  readonly envelope: string;
  readonly mediaType: string;
  /** What the envelope says of itself, or why it could not be read. */
  readonly claims: Readonly<Record<string, unknown>>;
}

function listedSignature({ manifest, digest, mediaType, bytes }: FoundSignature): ListedSignature {
  const parsed = parseNotationEnvelope(bytes, mediaType);
  const claims = parsed.kind === 'parsed' ? claimedJson(parsed.value) : { unreadable: parsed.reason };
  return { manifest, envelope: digest, mediaType, claims };
}

function signatureText({ manifest, mediaType, claims }: ListedSignature): readonly string[] {
  const told = Object.entries(claims).map(([name, value]) => `    ${name}: ${printable(String(value))}`);
  return [`  ${manifest}  ${mediaType}`, ...told];
}

function noImage(word: string): LandwaiterError {
  const hint = `landwaiter notation ${word} registry.example/team/app:1.2`;
  return new LandwaiterError({
    code: 'USAGE',
    message: `notation ${word} needs ${word === 'list' ? 'one' : 'an'} image`,
    hint,
  });
}
