// SPDX-License-Identifier: Apache-2.0
// Demands for artifacts that refer to an image and are signed themselves, as the Notary Project signs SBOMs and reports: the artifact's manifest carries
// the signature, and its one layer is what is answered. Believes neither the list of referrers nor what lies unsigned beside the image.
import type { Descriptor } from '../../formats/oci/descriptor.ts';
import { artifactTypeOf, parseManifest } from '../../formats/oci/manifest.ts';
import { collect } from '../../io/registry/checked-stream.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import type { Outcome, Unknown } from '../../io/registry/outcome.ts';
import { found, invalidAnswer, outcomeOf, RegistryError } from '../../io/registry/outcome.ts';
import type { Digest } from '../../model/digest.ts';
import { messageOf } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { AuthorityAnswer, VerifiedStatement } from '../../policy/image-policy/evaluate.ts';
import { silentTypes } from './collect.ts';
import type { NotationDemand } from './demand-notation.ts';
import { answerNotation } from './demand-notation.ts';

/** Matches Kyverno, which takes an image with more for one that somebody tampered with. */
const mostArtifacts = 50;

/** Looks for artifacts of a type, for signatures of each, and reads those that are signed. */
export async function answerArtifact(
  store: ImageStore,
  image: Digest,
  { artifactType, ...demand }: NotationDemand & { readonly artifactType: string },
): Promise<AuthorityAnswer> {
  const what = `artifact ${artifactType}`;
  const listed = await artifactsOf(store, image, artifactType);
  if (listed.kind === 'unknown') return { outcome: 'error', message: couldNotLook(listed) };
  if (listed.kind === 'none') return { outcome: 'fail', message: `there is no ${what}` };
  const statements: VerifiedStatement[] = [];
  const refused: string[] = [];
  for (const { digest, layer } of listed.value) {
    const answer = await answerNotation(store, digest, demand);
    // One that nobody could look at may be the one that counts.
    if (answer.outcome === 'error') return answer;
    if (answer.outcome !== 'pass') refused.push(answer.message);
    else {
      const content = await contentOf(store, layer, `${store.name}@${digest}`);
      if (content.kind !== 'found') return { outcome: 'error', message: couldNotLook(content) };
      statements.push({ predicateType: artifactType, predicate: content.value, statement: content.value });
    }
  }
  if (statements.length === 0)
    return { outcome: 'fail', message: `no ${what} counts: ${[...new Set(refused)].slice(0, 3).join('; ')}` };
  // Matches Kyverno because the first that is signed is the one that is read; the last statement is what policies read.
  return { outcome: 'pass', message: `${what} with a notation signature`, statements: statements.reverse() };
}

function couldNotLook(outcome: Exclude<Outcome<unknown>, { kind: 'found' }>): string {
  return outcome.kind === 'none' ? 'could not look: it is gone' : `could not look: ${outcome.code} ${outcome.reason}`;
}

interface Artifact {
  readonly digest: Digest;
  readonly layer: Descriptor;
}

/** `none` only when the registry answered clearly. */
async function artifactsOf(
  store: ImageStore,
  image: Digest,
  artifactType: string,
): Promise<Outcome<readonly Artifact[]>> {
  const outcome = await store.referrers(image);
  if (outcome.kind !== 'found') return outcome;
  const { descriptors, incomplete } = outcome.value;
  if (incomplete !== undefined) return incomplete;
  const artifacts: Artifact[] = [];
  for (const descriptor of descriptors.filter((each) => mayBe(each, artifactType))) {
    if (artifacts.length >= mostArtifacts) {
      const reason = `${store.name}@${image}: more than ${mostArtifacts} artifacts ${artifactType}`;
      const tooMany: Unknown = { kind: 'unknown', code: 'LIMIT_EXCEEDED', reason };
      return tooMany;
    }
    const artifact = await artifactAt(store, descriptor, { image, artifactType });
    if (artifact.kind === 'unknown') return artifact;
    if (artifact.kind === 'found') artifacts.push(artifact.value);
  }
  return artifacts.length === 0 ? { kind: 'none' } : found(artifacts);
}

/** A descriptor that clearly names another kind of artifact need not be fetched, nor be there. */
function mayBe(descriptor: Descriptor, artifactType: string): boolean {
  const type = descriptor.artifactType ?? '';
  return type === '' || type === artifactType || silentTypes.includes(type);
}

/** `none`: of another type. What the manifest says counts; the list may not say it. */
function artifactAt(
  store: ImageStore,
  { digest }: Descriptor,
  { image, artifactType }: { readonly image: Digest; readonly artifactType: string },
): Promise<Outcome<Artifact>> {
  return outcomeOf(async () => {
    const path = `${store.name}@${digest}`;
    const outcome = await store.manifest(digest);
    if (outcome.kind === 'unknown') throw new RegistryError(outcome);
    if (outcome.kind === 'none') throw invalidAnswer(`${path}: is in the list of referrers, but it is not there`);
    const { bytes, mediaType } = outcome.value;
    const { manifest, problems } = parseManifest(bytes, { path, mediaType, limits: defaultLimits });
    if (manifest === undefined) throw invalidAnswer(`${path}: ${problems[0]?.message ?? 'is no manifest'}`);
    if (artifactTypeOf(manifest) !== artifactType || manifest.kind === 'index') return { kind: 'none' };
    if (manifest.subject?.digest !== image)
      throw invalidAnswer(`${path}: is listed for ${image}, but refers to another image`);
    const [layer, second] = manifest.layers;
    if (layer === undefined || second !== undefined) throw invalidAnswer(`${path}: an artifact has exactly one layer`);
    return found({ digest, layer });
  });
}

function contentOf(store: ImageStore, { digest, size }: Descriptor, path: string): Promise<Outcome<unknown>> {
  return outcomeOf(async () => {
    if (size > defaultLimits.proofBytes)
      throw new RegistryError({ code: 'LIMIT_EXCEEDED', reason: `${path}: an artifact of ${size} bytes` });
    const blob = await store.blob({ digest, size });
    if (blob.kind === 'unknown') throw new RegistryError(blob);
    if (blob.kind === 'none') throw invalidAnswer(`${path}: its content is not there`);
    const bytes = await collect(blob.value.chunks);
    try {
      return found(JSON.parse(bytes.toString('utf8')) as unknown);
    } catch (error) {
      throw invalidAnswer(`${path}: its content is no JSON: ${messageOf(error)}`);
    }
  });
}
