// SPDX-License-Identifier: Apache-2.0
// What `verify` and `verify-attestation` share: operands to verdicts to output. One image that cannot be verified decides for all.
import { parsePlatform } from '../../formats/oci/platform.ts';
import { reportTime } from '../../io/clock.ts';
import type { Outcome } from '../../io/registry/outcome.ts';
import { RegistryError } from '../../io/registry/outcome.ts';
import { LandwaiterError } from '../../model/error.ts';
import { GraphBuilder } from '../../model/graph.ts';
import { recordSignatures } from '../signatures/record-signatures.ts';
import type { ImageVerdict, SignedSubject } from '../signatures/verify-image.ts';
import { attachedSbom, resolveSubject, verifySubject } from '../signatures/verify-image.ts';
import type { Verifier, WantedClaim } from '../signatures/verify-proofs.ts';
import { verifierOf } from '../signatures/verify-proofs.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { writeEvidence } from './evidence-file.ts';
import { plainOutput } from './outputs.ts';
import type { ProofPlace } from './proof-place.ts';
import { openProofPlace } from './proof-place.ts';
import type { RequestedPolicy } from './signature-policy.ts';
import { requestedPolicy } from './signature-policy.ts';
import { cosignEnvelope, cosignPayload, exitOf, imageText, refusalText } from './verification-output.ts';

interface Judged {
  readonly operand: string;
  readonly verdict: ImageVerdict;
}

/** Verifies every operand. Returns the exit status: the worst of all, "could not look" over "refused" over "verified". */
export async function verifyImages(
  context: CommandContext,
  operands: readonly string[],
  { values, wanted }: { readonly values: FlagValues; readonly wanted: WantedClaim },
): Promise<number> {
  if (operands.length === 0)
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'no image is named',
      hint: 'landwaiter verify --key cosign.pub registry.example/team/app:1.2',
    });
  const output = plainOutput(values, context, 'verification');
  const requested = await requestedPolicy(context, values);
  const verifier = verifierOf({ ...requested, wanted });
  const judged: Judged[] = [];
  for (const operand of operands)
    judged.push({ operand, verdict: await judge(context, operand, { values, verifier }) });
  if (output.form === 'json') output.write(jsonOf(judged, wanted));
  else
    output.write(
      judged
        .map(
          ({ operand, verdict }) => `${imageText(operand, verdict, { policy: requested.policy, what: wanted.kind })}\n`,
        )
        .join(''),
    );
  if (output.form === 'json')
    for (const { operand, verdict } of judged.filter(({ verdict: { accepted } }) => accepted.length === 0))
      context.stderr.write(`${imageText(operand, verdict, { policy: requested.policy, what: wanted.kind })}\n`);
  for (const { verdict } of judged)
    for (const { proof, refusal } of verdict.refused)
      context.log.debug(`${proof.form} ${proof.manifest}: ${refusalText(refusal)}`);
  await recordJudged(context, judged, { values, requested });
  return Math.max(...judged.map(({ verdict }) => exitOf(verdict)));
}

interface Judging {
  readonly values: FlagValues;
  readonly verifier: Verifier;
}

async function judge(context: CommandContext, operand: string, { values, verifier }: Judging): Promise<ImageVerdict> {
  const place = openProofPlace(context, operand, values);
  try {
    const subject = await subjectOfOperand(place, values);
    return await verifySubject(place.proofs, subject, { verifier, time: context.clock.now() });
  } finally {
    place.close();
  }
}

/** Throws TARGET_NOT_FOUND for an image that does not exist, and what a registry's refusal comes to: then nothing is known. */
export async function subjectOfOperand(place: ProofPlace, values: FlagValues): Promise<SignedSubject> {
  const word = values.text('platform');
  const platform = word === undefined ? undefined : parsePlatform(word);
  if (word !== undefined && platform === undefined)
    throw new LandwaiterError({ code: 'USAGE', message: `${word} is no platform`, hint: 'such as linux/arm64' });
  const wish = { name: place.manifest, ...(platform === undefined ? {} : { platform }) };
  const subject = orThrow(await resolveSubject(place.images, wish), `there is no image ${place.name}`);
  // As with Cosign: what a single image is made for cannot be chosen, and nobody looked whether it is this.
  if (platform !== undefined && subject.covering.length === 1)
    throw new LandwaiterError({
      code: 'TARGET_UNSUPPORTED',
      message: `${place.name} is a single image; --platform chooses one of an index`,
    });
  if (values.text('attachment') === undefined) return subject;
  return orThrow(await attachedSbom(place.proofs, subject), `no SBOM is attached to ${place.name}`);
}

/** What was found. Throws TARGET_NOT_FOUND with the message for nothing, RegistryError when it could not be looked at. */
export function orThrow<T>(outcome: Outcome<T>, message: string): T {
  if (outcome.kind === 'found') return outcome.value;
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message });
}

/** Signatures as one array (`cosign verify -o json`), attestations as one envelope per line (`cosign verify-attestation`). */
function jsonOf(judged: readonly Judged[], wanted: WantedClaim): string {
  if (wanted.kind === 'attestation')
    return judged
      .flatMap(({ verdict }) => verdict.accepted)
      .map((item) => `${JSON.stringify(cosignEnvelope(item))}\n`)
      .join('');
  const payloads = judged.flatMap(({ operand, verdict }) =>
    verdict.accepted.map((item) => cosignPayload(operand, item)),
  );
  return `${JSON.stringify(payloads)}\n`;
}

async function recordJudged(
  context: CommandContext,
  judged: readonly Judged[],
  { values, requested }: { readonly values: FlagValues; readonly requested: RequestedPolicy },
): Promise<void> {
  const file = values.text('evidence');
  if (file === undefined) return;
  const graph = new GraphBuilder();
  const observedAt = reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']);
  // A signature of the index is evidence about the index: that is what it was compared with.
  for (const { operand, verdict } of judged)
    for (const digest of verdict.subject.covering)
      recordSignatures(
        graph,
        {
          kind: digest === verdict.subject.digest ? verdict.subject.kind : 'image-index',
          name: operand,
          artifact: { digests: [digest] },
        },
        {
          ...requested,
          observedAt,
          signatures: verdict.accepted
            .filter(({ image }) => image === digest)
            .map(({ verified, proof }) => ({ verified, proofDigest: proof.id })),
        },
      );
  await writeEvidence(context, file, graph);
}
