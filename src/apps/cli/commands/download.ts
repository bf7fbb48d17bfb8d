// SPDX-License-Identifier: Apache-2.0
// `landwaiter download signature|attestation|sbom IMAGE`: proofs as they lie there, unverified.
import { parseManifest } from '../../../formats/oci/manifest.ts';
import { collect } from '../../../io/registry/checked-stream.ts';
import type { Unknown } from '../../../io/registry/outcome.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { defaultLimits } from '../../../model/limits.ts';
import { legacyTag, signPredicateType } from '../../signatures/attachment.ts';
import type { CollectedProof } from '../../signatures/collect.ts';
import { collectProofs } from '../../signatures/collect.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { plainOutput } from '../outputs.ts';
import type { ProofPlace } from '../proof-place.ts';
import { openProofPlace } from '../proof-place.ts';
import { unknownText } from '../verification-output.ts';
import { orThrow, subjectOfOperand } from '../verify-images.ts';
import { wantedTypes } from '../wanted-claims.ts';

const kinds = ['signature', 'attestation', 'sbom'] as const;
type Kind = (typeof kinds)[number];

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [word, operand, ...rest] = operands;
  const kind = kinds.find((item) => item === word);
  if (kind === undefined || operand === undefined || rest.length > 0)
    throw new LandwaiterError({ code: 'USAGE', message: `download takes one of ${kinds.join(', ')}, and an image` });
  const output = plainOutput(values, context, 'download');
  const place = openProofPlace(context, operand, values);
  try {
    const { digest } = await subjectOfOperand(place, values);
    if (kind === 'sbom') {
      output.write(await attachedSbom(place, legacyTag(digest, 'sbom')));
      return 0;
    }
    const outcome = await collectProofs(place.proofs, { image: digest, kinds: [kind] });
    const proofs = outcome.kind === 'found' ? outcome.value.proofs : [];
    const unread = outcome.kind === 'found' ? outcome.value.unread : outcome.kind === 'unknown' ? [outcome] : [];
    const types = values.text('type') === undefined ? undefined : wantedTypes(values);
    const wanted = proofs.filter((proof) => isWanted(proof, kind, types));
    output.write(wanted.map((proof) => `${lineOf(proof)}\n`).join(''));
    return told(context, unread, wanted.length);
  } finally {
    place.close();
  }
}

function told(context: CommandContext, unread: readonly Unknown[], count: number): number {
  for (const item of unread) context.stderr.write(`${unknownText(item)}\n`);
  if (unread.length > 0) return 3;
  if (count === 0) context.stderr.write('there is none of that kind\n');
  return count === 0 ? 1 : 0;
}

function isWanted(proof: CollectedProof, kind: Kind, types: readonly string[] | undefined): boolean {
  const { claim } = proof;
  if (claim === undefined) return true;
  const isSignature = claim === 'signature' || claim === signPredicateType;
  return kind === 'signature' ? isSignature : !isSignature && (types === undefined || types.includes(claim));
}

/** A bundle or envelope on one line; a signature of the older layout as Cosign prints it. */
function lineOf({ form, bytes, annotations }: CollectedProof): string {
  if (form !== 'signature-layer') return oneLine(bytes);
  return JSON.stringify({
    Base64Signature: annotations['dev.cosignproject.cosign/signature'] ?? '',
    Payload: Buffer.from(bytes).toString('base64'),
    Cert: annotations['dev.sigstore.cosign/certificate'] ?? null,
    Chain: annotations['dev.sigstore.cosign/chain'] ?? null,
    Bundle: valueOf(annotations['dev.sigstore.cosign/bundle']),
    RFC3161Timestamp: valueOf(annotations['dev.sigstore.cosign/rfc3161timestamp']),
  });
}

function oneLine(bytes: Buffer): string {
  return JSON.stringify(valueOf(bytes.toString('utf8')) ?? bytes.toString('utf8'));
}

function valueOf(text: string | undefined): unknown {
  try {
    return text === undefined ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

async function attachedSbom({ proofs }: ProofPlace, tag: string): Promise<string> {
  const { bytes, mediaType } = orThrow(await proofs.manifest(tag), `${proofs.name}: no SBOM is attached`);
  const { manifest, problems } = parseManifest(bytes, { path: `${proofs.name}:${tag}`, mediaType });
  const [layer, ...more] = manifest?.kind === 'image' ? manifest.layers : [];
  if (layer === undefined || more.length > 0 || layer.size > defaultLimits.documentBytes) {
    const message = `${proofs.name}:${tag}: ${problems[0]?.message ?? 'is no attached SBOM of a size that is read'}`;
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message });
  }
  const blob = orThrow(await proofs.blob(layer), `${proofs.name}@${layer.digest}: is not there`);
  return (await collect(blob.chunks)).toString('utf8');
}
