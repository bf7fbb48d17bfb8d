// SPDX-License-Identifier: Apache-2.0
// Demands for signatures of the Notary Project: the certificates of a policy are the only trust store, everybody whom they vouch for may have signed, and
// all checks are enforced. Nobody's configuration folder is looked at, and no plugin is started.
import type { TrustStore } from '../../evidence/signatures/notation/trust-store.ts';
import { checkStoreCertificate } from '../../evidence/signatures/notation/trust-store.ts';
import { refuse } from '../../evidence/signatures/refusal.ts';
import { certificatesOf } from '../../evidence/signatures/trust-root.ts';
import type { TrustPolicyStatement, TrustStoreName } from '../../formats/notation/trust-policy.ts';
import { levelActions } from '../../formats/notation/trust-policy.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import type { Digest } from '../../model/digest.ts';
import type { AuthorityAnswer } from '../../policy/image-policy/evaluate.ts';
import type { NotationFolder } from './notation-folder.ts';
import type { RevocationFetcher } from './notation-verify.ts';
import { verifyNotationImage } from './notation-verify.ts';

/** Matches Kyverno, which builds this policy for each rule (pkg/image/verifiers/cpol/notary): strict, one store, any identity. */
const statement: TrustPolicyStatement = {
  name: 'policy',
  level: 'strict',
  actions: levelActions.strict,
  verifyTimestamp: 'always',
  trustStores: [{ type: 'ca', name: 'policy' }],
  trustedIdentities: 'anyone',
  registryScopes: ['*'],
  isGlobal: true,
};

const statementWithStamps: TrustPolicyStatement = {
  ...statement,
  trustStores: [...statement.trustStores, { type: 'tsa', name: 'policy' }],
};

export interface NotationDemand {
  /** PEM. */
  readonly certificates: string;
  /** PEM; absent: timestamps count for nothing. */
  readonly timestampAuthorities?: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly fetcher: RevocationFetcher | undefined;
}

/** Looks for signatures of the manifest and judges them. */
export async function answerNotation(
  store: ImageStore,
  digest: Digest,
  { certificates, timestampAuthorities, annotations, time, fetcher }: NotationDemand,
): Promise<AuthorityAnswer> {
  const manifest = await store.manifest(digest);
  if (manifest.kind === 'unknown')
    return { outcome: 'error', message: `could not look: ${manifest.code} ${manifest.reason}` };
  if (manifest.kind === 'none') return { outcome: 'error', message: 'the image is gone' };
  const { bytes, mediaType } = manifest.value;
  const verdict = await verifyNotationImage(
    store,
    { mediaType, digest, size: bytes.length },
    {
      folder: folderOf(certificates, timestampAuthorities),
      statement: timestampAuthorities === undefined ? statement : statementWithStamps,
      annotations,
      now: time,
      fetcher,
      environment: {},
    },
  );
  if (verdict.accepted !== undefined) return { outcome: 'pass', message: 'notation signature' };
  const [unread] = verdict.unread;
  if (unread !== undefined) return { outcome: 'error', message: `could not look: ${unread.code} ${unread.reason}` };
  // The policy is strict: what nobody could tell counts no more than what was revoked, but it is not the same.
  const open = verdict.refused.flatMap(({ verification }) =>
    verification.kind === 'refused' && verification.refusal.code === 'REVOCATION_UNKNOWN'
      ? [verification.refusal.message]
      : [],
  );
  if (open.length > 0) {
    const hint = fetcher === undefined ? ' (services are asked with --revocation network)' : '';
    return { outcome: 'error', message: `could not look: REVOCATION_UNKNOWN ${open.join('; ')}${hint}` };
  }
  const reasons = verdict.refused.flatMap(({ verification }) =>
    verification.kind === 'refused' ? [`${verification.refusal.code} ${verification.refusal.message}`] : [],
  );
  return {
    outcome: 'fail',
    message:
      reasons.length === 0 ? 'there is no notation signature' : `no notation signature counts: ${reasons.join('; ')}`,
  };
}

/** A folder that holds these stores and nothing else. */
function folderOf(pem: string, timestampAuthorities: string | undefined): NotationFolder {
  return {
    root: '',
    trustStore: (name) => storeOf(name.type === 'tsa' ? (timestampAuthorities ?? '') : pem, name),
    trustPolicy: () => undefined,
    signingKeys: () => ({ default: undefined, keys: [] }),
    settings: () => ({ insecureRegistries: [], signatureFormat: undefined }),
    pluginProgram: () => undefined,
  };
}

function storeOf(pem: string, { type, name }: TrustStoreName): TrustStore {
  const read = certificatesOf(pem);
  if (read.kind === 'malformed') return refuse('TRUST_STORE_INVALID', `the certificates of the policy: ${read.reason}`);
  const unfit = read.value.map((certificate) => checkStoreCertificate(certificate, type)).find((item) => item);
  return unfit ?? { kind: 'store', type, name, certificates: read.value };
}
