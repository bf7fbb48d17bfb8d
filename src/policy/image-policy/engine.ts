// SPDX-License-Identifier: Apache-2.0
// ClusterImagePolicy behind the common engine interface, as Sigstore's policy-controller applies it: every image of a pod or of a controller's template
// against every policy whose patterns match. Who signed is looked up through the DataProvider; this module reads policies and draws the conclusions.
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import { matchesSelector } from '../admission-policy/label-selector.ts';
import type { AdmissionRequest } from '../admission-policy/request.ts';
import { isOfEndingObject } from '../admission-policy/request.ts';
import type { Lookup } from '../data-provider.ts';
import type { CompiledEngine, EngineData, EngineDocument, EngineOutcome, PolicyDecision } from '../engine.ts';
import { definePolicyEngine, nothingToSay, statedSeverity } from '../engine.ts';
import { podOf } from '../pod-security/pod.ts';
import { workloadCredentials } from '../workload-credentials.ts';
import type { Demanded, NamedThings } from './demand.ts';
import { demandOf, isDemand } from './demand.ts';
import type { AuthorityAnswer, ImagePolicyDecision, ImageQuestions } from './evaluate.ts';
import { applyImagePolicies } from './evaluate.ts';
import type { ContentPolicy, ImageAuthority, ImagePolicy } from './parse.ts';
import { imageResources, parseImagePolicy } from './parse.ts';
import type { PlacedImage } from './pinning.ts';
import { pinImages, pinsImages, placedImages, unpinnedImages } from './pinning.ts';
import type { NoMatch } from './settings.ts';
import { imagePolicySettings, isImagePolicySettings } from './settings.ts';
import type { TrustRootResource } from './trust-root-resource.ts';
import { parseTrustRootResource } from './trust-root-resource.ts';

interface CompiledImagePolicy {
  readonly policy: ImagePolicy;
  /** Worked out once, not for every image of every Pod. */
  readonly place: Pick<PolicyDecision, 'location' | 'severity'>;
  readonly location: Location;
}

interface Compiled {
  readonly policies: readonly CompiledImagePolicy[];
  readonly trustRoots: readonly TrustRootResource[];
  readonly noMatch: NoMatch;
}

const kinds: readonly string[] = ['ClusterImagePolicy', 'TrustRoot'];
const noMatchPolicy = 'no-match-policy';
const interests = [
  {
    groups: [...new Set(Object.values(imageResources))],
    resources: [...Object.keys(imageResources), 'pods/ephemeralcontainers'],
    operations: ['CREATE', 'UPDATE'],
  },
];

export const imagePolicyEngine = definePolicyEngine({
  id: 'image-policy',
  title: 'Sigstore image policies',
  accepts: ({ object }) =>
    ((asString(object['apiVersion']) ?? '').startsWith('policy.sigstore.dev/') &&
      kinds.includes(asString(object['kind']) ?? '')) ||
    isImagePolicySettings(object),
  compile,
});

function compile(documents: readonly EngineDocument[]): CompiledEngine {
  const problems: Problem[] = [];
  const policies: CompiledImagePolicy[] = [];
  const trustRoots: TrustRootResource[] = [];
  const stated = documents.filter(({ object }) => isImagePolicySettings(object));
  const settings = imagePolicySettings(stated);
  const { noMatch } = settings;
  problems.push(...settings.problems);
  for (const document of documents) {
    const { object } = document;
    if (isImagePolicySettings(object)) continue;
    const source = { value: object, problems: [], locate: (path: DocumentPath) => document.locate(path) };
    const root = parseTrustRootResource(source);
    if (root?.resource !== undefined) trustRoots.push(root.resource);
    const read = parseImagePolicy(source, settings.emptyAuthorities);
    problems.push(...(root?.problems ?? []), ...(read?.problems ?? []));
    if (read?.policy === undefined) continue;
    policies.push({ policy: read.policy, place: placeOf(document), location: document.locate(['metadata', 'name']) });
    problems.push(...read.policy.remarks);
  }
  const compiled: Compiled = { policies, trustRoots, noMatch };
  const facts = policies.map(({ policy, location }) => ({
    name: policy.name,
    kind: 'ClusterImagePolicy',
    location,
    mutates: pinsImages(policy),
    interests,
  }));
  // What it says of images that no policy is about it says of all of them where there is no policy.
  const [place] = noMatch === 'deny' || noMatch === 'warn' ? stated : [];
  const location = place?.locate(['metadata', 'name']);
  const general = { name: noMatchPolicy, kind: 'ConfigMap', mutates: false, interests };
  return {
    problems,
    policies: location === undefined ? facts : [...facts, { ...general, location }],
    judge: (request, data) => judge(request, data, compiled),
  };
}

function judge(request: AdmissionRequest, data: EngineData, compiled: Compiled): EngineOutcome {
  const { object } = request;
  // As policy-controller (pkg/webhook, isDeletedOrStatusUpdate).
  const images = object === undefined || isOfEndingObject(request) ? [] : imagesOf(object);
  if (object === undefined || images.length === 0) return nothingToSay;
  const matching = compiled.policies.filter(({ policy }) => matchesResource(policy, request, object));
  const credentials = workloadCredentials(object, request.namespace, data.provider);
  if (data.phase === 'mutate') {
    const policies = matching.map(({ policy }) => policy);
    return pinImages({ object, before: request.oldObject, policies, data, credentials });
  }
  // Who changes nothing here has nothing to pin: command lines judge what is written.
  const open = data.phase === 'validate' ? unpinnedImages(object, request.oldObject) : [];
  const unpinned = new Set(open.map(({ image }) => image));
  const situation = { matching, compiled, data, object, credentials, unpinned };
  return { decisions: images.flatMap((named) => judgeImage(named, situation)), patch: [] };
}

/** The images of a pod or template, each once, where it stands first. */
function imagesOf(object: JsonObject): readonly PlacedImage[] {
  const images = new Map<string, PlacedImage>();
  for (const placed of placedImages(object)) if (!images.has(placed.image)) images.set(placed.image, placed);
  return [...images.values()];
}

/** A policy without `match` is about every resource that runs images. */
function matchesResource({ match }: ImagePolicy, { resource }: AdmissionRequest, object: JsonObject): boolean {
  if (match.length === 0) return true;
  const labels = asObject(asObject(object['metadata'])?.['labels']) ?? {};
  return match.some((entry) => {
    const version = asString(entry['version']) ?? '*';
    if (entry['resource'] !== resource.resource || (asString(entry['group']) ?? '') !== resource.group) return false;
    return ['', '*', resource.version].includes(version) && matchesSelector(asObject(entry['selector']), labels);
  });
}

interface Situation {
  readonly matching: readonly CompiledImagePolicy[];
  readonly compiled: Compiled;
  readonly data: EngineData;
  /** Of the request. */
  readonly object: JsonObject;
  /** Of the workload. */
  readonly credentials: Lookup<readonly string[]>;
  /** Names that ought to have been pinned before. */
  readonly unpinned: ReadonlySet<string>;
}

function judgeImage({ image, at }: PlacedImage, situation: Situation): readonly PolicyDecision[] {
  const { matching, compiled, data } = situation;
  const things: NamedThings = {
    trustRoots: compiled.trustRoots,
    get secrets() {
      return data.cluster.objects({ apiVersion: 'v1', kind: 'Secret' });
    },
  };
  const ask = (authority: ImageAuthority): AuthorityAnswer => {
    const { credentials } = situation;
    if (credentials.kind !== 'found') return unanswered(credentials);
    const demanded = demandOf(authority, { image, credentials: credentials.value }, things);
    return answerTo(demanded, data);
  };
  const surroundings = (content: ContentPolicy): ReturnType<ImageQuestions['surroundings']> =>
    surroundingsOf(content, image, situation);
  const policies = matching.map(({ policy }) => policy);
  const isOpen = situation.unpinned.has(image);
  const judged = applyImagePolicies(policies, image, { ask, surroundings });
  if (judged.length === 0) return [unmatched(image, at, compiled.noMatch)];
  return judged.map((decision) => {
    const found = matching.find(({ policy }) => policy === decision.policy);
    const told = isOpen && pinsImages(decision.policy) ? unpinned(decision) : decision;
    return { ...decisionOf(told, image), at, ...found?.place };
  });
}

/** A tag may mean something else by the time a node asks for it. */
function unpinned(decision: ImagePolicyDecision): ImagePolicyDecision {
  if (decision.outcome !== 'pass') return decision;
  const message = 'it is signed, but named by a tag; the mutating webhook puts the digest there';
  return { ...decision, outcome: decision.policy.mode === 'warn' ? 'warn' : 'fail', messages: [message] };
}

function answerTo(demanded: Demanded, { provider }: EngineData): AuthorityAnswer {
  if (!isDemand(demanded)) return { outcome: 'error', message: demanded.message };
  const found = provider.imageSignature?.(demanded) ?? { kind: 'unavailable' as const };
  return found.kind === 'found' ? found.value : unanswered(found);
}

function unanswered(lookup: Exclude<Lookup<unknown>, { kind: 'found' }>): AuthorityAnswer {
  switch (lookup.kind) {
    case 'pending':
      return { outcome: 'pending', message: 'not looked up yet' };
    case 'failed':
      return { outcome: 'error', message: lookup.message };
    default:
      return { outcome: 'error', message: 'registries are not asked' };
  }
}

/** The parts of the workload and of the image that a policy over all findings asks for (policy-controller pkg/webhook, PolicyResult). */
function surroundingsOf(
  { includes }: ContentPolicy,
  image: string,
  { object, data, credentials }: Situation,
): ReturnType<ImageQuestions['surroundings']> {
  const spec = podOf(object)?.pod.spec;
  const { apiVersion, kind, metadata } = object;
  const parts = {
    ...(includes.has('includeSpec') ? { spec } : {}),
    ...(includes.has('includeObjectMeta') ? { metadata } : {}),
    ...(includes.has('includeTypeMeta') ? { typemeta: { apiVersion, kind } } : {}),
  };
  if (!includes.has('fetchConfigFile')) return parts;
  const known = credentials.kind === 'found' ? credentials.value : [];
  const found = data.provider.imageConfigs?.(image, known) ?? { kind: 'unavailable' as const };
  if (found.kind === 'found') return { ...parts, config: found.value };
  if (found.kind === 'pending') return 'pending';
  return { failed: found.kind === 'failed' ? found.message : 'the configuration of the image is not looked up' };
}

function decisionOf({ policy, outcome, messages }: ImagePolicyDecision, image: string): PolicyDecision {
  const base = {
    policy: policy.name,
    rule: '',
    effect: policy.mode === 'warn' ? ('warn' as const) : ('deny' as const),
  };
  const said = messages.join('; ');
  if (outcome === 'pass') return { ...base, outcome, message: `${image}: ${said}` };
  return {
    ...base,
    outcome: outcome === 'fail' || outcome === 'warn' ? 'fail' : 'error',
    message: `${image}: ${said}`,
  };
}

function placeOf(document: EngineDocument): Pick<PolicyDecision, 'location' | 'severity'> {
  const severity = statedSeverity(asObject(asObject(document.object['metadata'])?.['annotations']));
  return { location: document.locate(['metadata', 'name']), ...(severity === undefined ? {} : { severity }) };
}

/** Without its ConfigMap nobody knows what the cluster does; its default is to refuse. */
function unmatched(image: string, at: DocumentPath, noMatch: NoMatch): PolicyDecision {
  const base = { policy: noMatchPolicy, rule: '', message: `${image}: no image policy is about it`, at };
  if (noMatch === 'deny' || noMatch === 'warn') return { ...base, outcome: 'fail', effect: noMatch };
  return { ...base, outcome: 'skip', effect: 'deny' };
}
