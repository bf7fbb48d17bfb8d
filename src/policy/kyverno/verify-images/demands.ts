// SPDX-License-Identifier: Apache-2.0
// Attestor sets asked of the data provider: every entry becomes one demand. Nothing here talks to a registry.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import type { DataProvider, Lookup } from '../../data-provider.ts';
import type { DemandedSigner, StandingDemand } from '../../image-policy/demand.ts';
import { demandFor } from '../../image-policy/demand.ts';
import type { AuthorityAnswer } from '../../image-policy/evaluate.ts';
import { pullSecretNames, workloadCredentials } from '../../workload-credentials.ts';
import { countSets } from './attestor-sets.ts';
import type { SecretName, SignerEntry } from './signer.ts';
import type { AttestorSet, ImageVerification } from './verification.ts';

export interface AskedImage {
  readonly text: string;
  readonly verification: ImageVerification;
  readonly data: DataProvider;
  /** Docker configurations (JSON) from the policy's Secrets and from those of the object. */
  readonly credentials: readonly string[];
}

/** What a set is about: the image itself, or attestations of a type with a judgement of their own. */
export interface SetQuestion {
  readonly predicateType: string | undefined;
  /** What else an entry must meet once the core has accepted its proofs; undefined: nothing is missing. */
  readonly judge: (answer: AuthorityAnswer) => AuthorityAnswer;
}

/** All sets must be met. */
export function askSets(sets: readonly AttestorSet[], asked: AskedImage, question: SetQuestion): AuthorityAnswer {
  return countSets(sets, (entry) => judged(askSigner(entry, asked, question), question));
}

function judged(answer: AuthorityAnswer, { judge }: SetQuestion): AuthorityAnswer {
  return answer.outcome === 'pass' ? judge(answer) : answer;
}

/** What entries demand, by predicate type; without those whose key is in a Secret, which may be another one every time. */
const standings = new WeakMap<SignerEntry, Map<string | undefined, StandingDemand>>();

function standingOf(
  entry: SignerEntry,
  { verification, data }: AskedImage,
  predicateType: string | undefined,
): StandingDemand | string {
  const known = standings.get(entry)?.get(predicateType);
  if (known !== undefined) return known;
  const signer = openedSigner(entry.signer, data);
  if (typeof signer === 'string') return signer;
  const standing: StandingDemand = {
    signer,
    roots: entry.roots,
    log: entry.log,
    timestamp: entry.timestamp,
    // Kyverno reads only the older layout under type Cosign; today's cosign writes the newer one. The same signers count in both.
    layout: verification.type === 'SigstoreBundle' ? 'bundle' : 'any',
    sources: [{ repository: entry.repository ?? verification.repository, tagPrefix: '', credentials: [] }],
    ...contentOf(verification.type, predicateType),
    ...(Object.keys(entry.annotations).length === 0 ? {} : { annotations: entry.annotations }),
    ...(predicateType === undefined ? {} : { completeness: 'all' }),
    ...(verification.usesCache ? {} : { remembered: 'never' }),
  };
  if (entry.signer.kind === 'secret') return standing;
  const own = standings.get(entry) ?? new Map<string | undefined, StandingDemand>();
  standings.set(entry, own.set(predicateType, standing));
  return standing;
}

/** The Notary Project signs artifacts that refer to the image; others sign statements about it. */
function contentOf(
  type: ImageVerification['type'],
  wanted: string | undefined,
): Pick<StandingDemand, 'attestations' | 'artifactType'> {
  if (wanted === undefined) return { attestations: [] };
  if (type === 'Notary') return { attestations: [], artifactType: wanted };
  return { attestations: [{ name: wanted, predicateType: wanted, cue: undefined }] };
}

function askSigner(entry: SignerEntry, asked: AskedImage, { predicateType }: SetQuestion): AuthorityAnswer {
  const { text, data, credentials } = asked;
  if (entry.refusal !== undefined) return { outcome: 'fail', message: entry.refusal };
  const standing = standingOf(entry, asked, predicateType);
  if (typeof standing === 'string') return { outcome: 'error', message: standing };
  const demand = demandFor(standing, text, credentials);
  const found = data.imageSignature?.(demand) ?? { kind: 'unavailable' as const };
  switch (found.kind) {
    case 'found':
      return hinted(found.value, entry);
    case 'pending':
      return { outcome: 'pending', message: 'not looked up yet' };
    case 'failed':
      return { outcome: 'error', message: found.message };
    default:
      return { outcome: 'error', message: 'registries are not asked (--registry)' };
  }
}

/** What to do about a signature that is good and in no log, where nobody asked for a log in so many words. */
function hinted(answer: AuthorityAnswer, { logIs, signer }: SignerEntry): AuthorityAnswer {
  const isAboutLog = answer.outcome === 'fail' && answer.message.includes('LOG_MISSING');
  if (!isAboutLog || logIs === 'stated' || signer.kind === 'keyless') return answer;
  return {
    ...answer,
    message: `${answer.message} (rules that say nothing of logs ask for one: rekor.ignoreTlog, the annotation landwaiter.dev/require-transparency-log and --key-transparency-log change that)`,
  };
}

/** The signer with its Secret looked up, or why that is not possible. */
export function openedSigner(signer: SignerEntry['signer'], data: DataProvider): DemandedSigner | string {
  if (signer.kind !== 'secret') return signer;
  const pem = secretMember(signer.secret, 'cosign.pub', data);
  if (pem !== undefined) return { kind: 'keys', pem, hash: signer.hash };
  return `no cosign.pub in the Secret ${signer.secret.namespace}/${signer.secret.name} among what was handed in (--known)`;
}

function secretMember({ namespace, name }: SecretName, member: string, data: DataProvider): string | undefined {
  const lookup = data.objects?.('v1', 'Secret', 'named');
  const secrets = lookup?.kind === 'found' ? lookup.value : [];
  const secret = secrets.find((object) => {
    const metadata = asObject(object['metadata']);
    return metadata?.['name'] === name && (asString(metadata['namespace']) ?? 'default') === namespace;
  });
  const plain = asString(asObject(secret?.['stringData'])?.[member]);
  const coded = asString(asObject(secret?.['data'])?.[member]);
  return plain ?? (coded === undefined ? undefined : Buffer.from(coded, 'base64').toString('utf8'));
}

/** Kyverno's own namespace, where Secrets are that a policy names without one. */
const ownNamespace = 'kyverno';

/** Credentials of the policy's Secrets and of the workload's own, or why nobody knows them. Missing Secrets leave the credentials of this machine. */
export function credentialsFor(
  names: readonly string[],
  object: JsonObject,
  data: DataProvider,
): readonly string[] | (Pick<AuthorityAnswer, 'message'> & { readonly outcome: 'error' | 'pending' }) {
  const named = names.map((text) => {
    const slash = text.indexOf('/');
    return slash === -1
      ? { namespace: ownNamespace, name: text }
      : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
  });
  const own =
    data.pullCredentials === undefined ? handedIn(object, data) : workloadCredentials(object, undefined, data);
  if (own.kind === 'pending') return { outcome: 'pending', message: 'not looked up yet' };
  if (own.kind === 'failed') return { outcome: 'error', message: own.message };
  const found = own.kind === 'found' ? own.value : [];
  // The same list as long as nothing is added: who answers knows it again.
  if (named.length === 0) return found;
  return [...named.flatMap((secret) => secretMember(secret, '.dockerconfigjson', data) ?? []), ...found];
}

/** Secrets of a Pod among the objects that were handed in. */
function handedIn(object: JsonObject, data: DataProvider): Lookup<readonly string[]> {
  const names = pullSecretNames(object, undefined);
  if (names === undefined || names.secrets.length === 0) return { kind: 'absent' };
  const value = names.secrets.flatMap(
    (name) => secretMember({ namespace: names.namespace, name }, '.dockerconfigjson', data) ?? [],
  );
  return { kind: 'found', value };
}
