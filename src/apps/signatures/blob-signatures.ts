// SPDX-License-Identifier: Apache-2.0
// Signatures over bytes that policies hold in their hands, such as signed manifests: parts of a proof put together and given to the verification core. Asks
// nobody: keys that somebody keeps, and trust roots that would have to be fetched, are errors.
import type { Proof } from '../../evidence/signatures/proof.ts';
import { artifactOf } from '../../evidence/signatures/proof.ts';
import type { TrustRoot } from '../../evidence/signatures/trust-root.ts';
import { verifySignature } from '../../evidence/signatures/verify.ts';
import { decodeBase64 } from '../../formats/base64.ts';
import { readCertificates, readLogPromise } from '../../formats/cosign-signature.ts';
import type { Parsed } from '../../formats/parsed.ts';
import { malformed, parsing, required } from '../../formats/parsed.ts';
import type { BundleMaterial } from '../../formats/sigstore-bundle.ts';
import { MemberReader, parseStrictJson } from '../../formats/strict-json.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { BlobDemand } from '../../policy/blob-demand.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import type { AuthorityAnswer } from '../../policy/image-policy/evaluate.ts';
import type { TrustRootResource } from '../../policy/image-policy/trust-root-resource.ts';
import type { DemandSurroundings } from './demand-policy.ts';
import { openDemandWith } from './demand-policy.ts';
import { trustRootIn } from './trust-root-resources.ts';

export type BlobSurroundings = Pick<DemandSurroundings, 'defaultRoot' | 'time'>;

/** The part of a data provider that judges such signatures, at once. */
export function blobSignatures(surroundings: BlobSurroundings): Required<Pick<DataProvider, 'blobSignature'>> {
  return {
    blobSignature: (demand) => {
      try {
        return { kind: 'found', value: judge(demand, surroundings) };
      } catch (error) {
        if (error instanceof LandwaiterError) return { kind: 'failed', message: `${error.code}: ${error.message}` };
        throw error;
      }
    },
  };
}

function judge(demand: BlobDemand, { defaultRoot, time }: BlobSurroundings): AuthorityAnswer {
  const { signer, message } = demand;
  if (signer.kind === 'key-store')
    throw new LandwaiterError({
      code: 'USAGE',
      message: `the key store of ${signer.reference} is not asked for signatures of manifests; put the public key into the policy`,
    });
  const open = (resource: TrustRootResource | undefined): TrustRoot =>
    resource === undefined ? defaultRoot() : rootOf(resource);
  const { policy, trustRoot } = openDemandWith(demand, { open });
  const proof = proofOf(demand);
  if (proof.kind === 'malformed') return { outcome: 'fail', message: `PROOF_MALFORMED ${proof.reason}` };
  const verdict = verifySignature({ artifact: artifactOf(message), proof: proof.value, policy, trustRoot, time });
  if (verdict.kind !== 'verified') return { outcome: 'fail', message: `${verdict.code} ${verdict.message}` };
  const by = verdict.signer.kind === 'key' ? `the key ${verdict.signer.fingerprint.slice(0, 19)}` : 'a certificate';
  return { outcome: 'pass', message: `signed by ${by}` };
}

function rootOf({ name, content }: TrustRootResource): TrustRoot {
  if (content.kind === 'file') return trustRootIn(name, Buffer.from(content.text));
  throw new LandwaiterError({
    code: 'USAGE',
    message: `the trust root ${name} is not fetched for signatures of manifests`,
  });
}

const limits = { bytes: defaultLimits.attestationBytes, depth: 32 };

function proofOf(demand: BlobDemand): Parsed<Proof> {
  const { signature, bundle } = demand.signature;
  return parsing(() => {
    const bytes = decodeBase64(signature.trim());
    if (bytes === undefined || bytes.length === 0) return malformed('signature: base64 is required');
    const logged = bundle === undefined ? undefined : parseStrictJson(Buffer.from(bundle, 'utf8'), limits);
    return {
      material: materialOf(demand),
      content: { kind: 'message', digest: undefined, signature: bytes },
      logEntries: logged === undefined ? [] : [readLogPromise(new MemberReader(required(logged, 'bundle')))],
      timestamps: [],
    };
  });
}

/**
 * The certificate beside the signature, else that of the policy. Matches Kyverno: a certificate of the policy without a chain stands for its key, and what lies
 * beside the signature is then not looked at.
 */
function materialOf({ signer, signature }: BlobDemand): BundleMaterial {
  const isByKey = signer.kind === 'keys' || (signer.kind === 'own-certificate' && signer.authorities === undefined);
  if (isByKey) return { kind: 'key', hint: '' };
  const own = signer.kind === 'own-certificate' ? signer.certificate : undefined;
  const [leaf, ...others] = readCertificates(signature.certificate ?? own);
  if (leaf === undefined) return malformed('there is no certificate beside the signature');
  const [wanted] = readCertificates(own);
  if (wanted !== undefined && !wanted.encoded.equals(leaf.encoded))
    malformed('the certificate beside the signature is not that of the policy');
  return { kind: 'certificate', form: 'chain', certificates: [leaf, ...others] };
}
