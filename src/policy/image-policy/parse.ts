// SPDX-License-Identifier: Apache-2.0
// ClusterImagePolicy (policy.sigstore.dev v1alpha1 and v1beta1), read strictly: an unknown or contradictory field is a problem with its place, and a
// policy with a problem is not applied. What is valid but cannot be judged here (Rego, some of CUE) stands in `unsupported`: what asks for it never passes.
import { RE2JS } from 're2js';
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { KubernetesDocument } from '../../formats/kubernetes-yaml/documents.ts';
import type { Problem } from '../../model/problem.ts';
import { selectorFaults } from '../admission-policy/match-faults.ts';
import type { CueFile } from './cue/syntax.ts';
import { parseCue } from './cue/syntax.ts';
import { isImageGlob } from './image-glob.ts';

/** One attestation that there must be. */
export interface WantedAttestation {
  readonly name: string;
  readonly predicateType: string;
  /** Source of the CUE policy that its statement must meet. */
  readonly cue: string | undefined;
}

/** A CUE policy over what all authorities found, and what else it wants to see. */
export interface ContentPolicy {
  readonly cue: CueFile;
  readonly includes: ReadonlySet<ContentPart>;
}

const contentFlags = ['includeSpec', 'includeObjectMeta', 'includeTypeMeta', 'fetchConfigFile'] as const;
export type ContentPart = (typeof contentFlags)[number];

export interface ImageAuthority {
  readonly name: string;
  /** As written and checked: the verifier opens keys, secrets and key stores. */
  readonly signer: 'key' | 'keyless' | 'pass' | 'fail';
  readonly settings: JsonObject;
  /** Empty: a signature is asked for. */
  readonly attestations: readonly WantedAttestation[];
  /** Valid settings of it that are not judged here: with any of them it never passes, but it can fail. */
  readonly unsupported: readonly Problem[];
}

export interface ImagePolicy {
  readonly name: string;
  readonly mode: 'enforce' | 'warn';
  readonly globs: readonly string[];
  readonly match: readonly JsonObject[];
  readonly authorities: readonly ImageAuthority[];
  readonly content: ContentPolicy | undefined;
  /** What the policy asks for besides its authorities and is not judged here: with any of it the policy never passes. */
  readonly unsupported: readonly Problem[];
  /** What is read and makes no difference here: addresses of services, which nobody asks. */
  readonly remarks: readonly Problem[];
}

export interface ParsedImagePolicy {
  /** Undefined when there is a problem. */
  readonly policy: ImagePolicy | undefined;
  readonly problems: readonly Problem[];
}

const most = { list: 1_000, text: 1_000_000, expression: 1_000 };
const hashes = ['sha224', 'sha256', 'sha384', 'sha512'];
/** Of the public Sigstore: its trust root ships with the program. */
const publicServices = /^https?:\/\/[a-z]{1,20}\.sigstore\.dev\/?$/;
/** Resources whose pods are judged, with their groups. */
export const imageResources: Readonly<Record<string, string>> = {
  pods: '',
  replicasets: 'apps',
  deployments: 'apps',
  statefulsets: 'apps',
  daemonsets: 'apps',
  jobs: 'batch',
  cronjobs: 'batch',
};

export type PolicyDocument = Pick<KubernetesDocument, 'value' | 'problems' | 'locate'>;

/** Whether a policy may do without authorities (`fail-on-empty-authorities` of policy-controller); it then refuses every image that it is about. */
export type EmptyAuthorities = 'fault' | 'allowed';

/** Undefined when the document is of another kind. Never throws. */
export function parseImagePolicy(
  document: PolicyDocument,
  emptyAuthorities: EmptyAuthorities = 'fault',
): ParsedImagePolicy | undefined {
  const root = asObject(document.value);
  if (root?.['kind'] !== 'ClusterImagePolicy') return undefined;
  return new Reader(document, emptyAuthorities).read(root);
}

class Reader {
  readonly #document: PolicyDocument;
  readonly #problems: Problem[];
  readonly #remarks: Problem[] = [];
  readonly #emptyAuthorities: EmptyAuthorities;

  constructor(document: PolicyDocument, emptyAuthorities: EmptyAuthorities) {
    this.#document = document;
    this.#emptyAuthorities = emptyAuthorities;
    this.#problems = [...document.problems];
  }

  #problem(kind: 'schema' | 'unsupported', path: DocumentPath, message: string): Problem {
    return {
      kind,
      message: `${path.join('.')}: ${message}`,
      location: this.#document.locate(path),
      hidesFindings: true,
    };
  }

  #fault(path: DocumentPath, message: string): void {
    this.#problems.push(this.#problem('schema', path, message));
  }

  /** An object with these members and no other. */
  #object(value: unknown, path: DocumentPath, names: readonly string[]): JsonObject {
    const object = asObject(value);
    if (object === undefined) this.#fault(path, 'an object is required');
    for (const name of Object.keys(object ?? {}))
      if (!names.includes(name)) this.#fault([...path, name], 'unknown field');
    return object ?? {};
  }

  #list(value: unknown, path: DocumentPath): readonly unknown[] {
    if (value !== undefined && !Array.isArray(value)) this.#fault(path, 'a list is required');
    const list = asArray(value);
    if (list.length > most.list) this.#fault(path, `more than ${most.list} entries`);
    return list.slice(0, most.list);
  }

  #text(value: unknown, path: DocumentPath): string {
    const text = asString(value) ?? '';
    if (text === '' || text.length > most.text) this.#fault(path, 'a text is required');
    return text;
  }

  #one(object: JsonObject, path: DocumentPath, names: readonly string[]): string | undefined {
    const found = names.filter((name) => object[name] !== undefined && object[name] !== null);
    if (found.length !== 1) this.#fault(path, `exactly one of ${names.join(', ')} is required`);
    return found.length === 1 ? found[0] : undefined;
  }

  read(root: JsonObject): ParsedImagePolicy {
    if (!['policy.sigstore.dev/v1alpha1', 'policy.sigstore.dev/v1beta1'].includes(asString(root['apiVersion']) ?? ''))
      this.#fault(['apiVersion'], 'policy.sigstore.dev/v1alpha1 or v1beta1 is required');
    const name = this.#text(asObject(root['metadata'])?.['name'], ['metadata', 'name']);
    const spec = this.#object(root['spec'], ['spec'], ['images', 'authorities', 'mode', 'match', 'policy']);
    const images = this.#list(spec['images'], ['spec', 'images']);
    if (images.length === 0) this.#fault(['spec', 'images'], 'at least one image is required');
    const globs = images.map((item, index) => this.#glob(item, ['spec', 'images', index]));
    const mode = spec['mode'] ?? 'enforce';
    if (mode !== 'enforce' && mode !== 'warn') this.#fault(['spec', 'mode'], 'enforce or warn is required');
    const match = this.#list(spec['match'], ['spec', 'match']).map((item, index) =>
      this.#match(item, ['spec', 'match', index]),
    );
    const list = this.#list(spec['authorities'], ['spec', 'authorities']);
    if (list.length === 0 && this.#emptyAuthorities === 'fault')
      this.#fault(['spec', 'authorities'], 'at least one authority is required');
    const authorities = list.map((item, index) => this.#authority(item, index));
    if (new Set(authorities.map((item) => item.name)).size < authorities.length)
      this.#fault(['spec', 'authorities'], 'two authorities have the same name');
    const content = spec['policy'] === undefined ? undefined : this.#language(spec['policy'], ['spec', 'policy']);
    if (this.#problems.length > 0) return { policy: undefined, problems: this.#problems };
    const policy = {
      name,
      mode: mode === 'warn' ? ('warn' as const) : ('enforce' as const),
      globs,
      match,
      authorities,
      content: content?.content,
      unsupported: content?.unsupported ?? [],
      remarks: this.#remarks,
    };
    return { policy, problems: [] };
  }

  #glob(value: unknown, path: DocumentPath): string {
    const glob = this.#text(this.#object(value, path, ['glob'])['glob'], [...path, 'glob']);
    if (!isImageGlob(glob)) this.#fault([...path, 'glob'], 'not a pattern of image names');
    return glob;
  }

  #match(value: unknown, path: DocumentPath): JsonObject {
    const match = this.#object(value, path, ['resource', 'group', 'version', 'selector']);
    const resource = asString(match['resource']) ?? '';
    const group = Object.hasOwn(imageResources, resource) ? imageResources[resource] : undefined;
    if (group === undefined || (match['group'] ?? '') !== group)
      this.#fault([...path, 'resource'], 'not a resource that runs images');
    if (match['selector'] !== undefined)
      this.#object(match['selector'], [...path, 'selector'], ['matchLabels', 'matchExpressions']);
    // A word that means nothing would select nothing, and the policy be about nothing.
    for (const fault of selectorFaults(match['selector'], [...path, 'selector']))
      this.#fault(fault.path, fault.message);
    return match;
  }

  #authority(value: unknown, index: number): ImageAuthority {
    const path = ['spec', 'authorities', index];
    const names = [
      'name',
      'key',
      'keyless',
      'static',
      'source',
      'ctlog',
      'attestations',
      'rfc3161timestamp',
      'signatureFormat',
    ];
    const authority = this.#object(value, path, names);
    const kind = this.#one(authority, path, ['key', 'keyless', 'static']);
    if (kind === 'key') this.#key(authority['key'], [...path, 'key']);
    if (kind === 'keyless') this.#keyless(authority['keyless'], [...path, 'keyless']);
    const fixed = kind === 'static' ? this.#static(authority, path) : undefined;
    if (authority['ctlog'] !== undefined) {
      const log = this.#object(authority['ctlog'], [...path, 'ctlog'], ['url', 'trustRootRef']);
      this.#unasked(log, [...path, 'ctlog', 'url']);
    }
    if (authority['rfc3161timestamp'] !== undefined) {
      const stamp = this.#object(authority['rfc3161timestamp'], [...path, 'rfc3161timestamp'], ['trustRootRef']);
      this.#text(stamp['trustRootRef'], [...path, 'rfc3161timestamp', 'trustRootRef']);
    }
    const format = authority['signatureFormat'] ?? 'legacy';
    if (format !== 'legacy' && format !== 'bundle')
      this.#fault([...path, 'signatureFormat'], 'legacy or bundle is required');
    for (const [at, source] of this.#list(authority['source'], [...path, 'source']).entries())
      this.#object(source, [...path, 'source', at], ['oci', 'signaturePullSecrets', 'tagPrefix']);
    const attestations = this.#list(authority['attestations'], [...path, 'attestations']);
    const asked = attestations.map((item, at) => this.#attestation(item, [...path, 'attestations', at]));
    const name =
      authority['name'] === undefined ? `authority-${index}` : this.#text(authority['name'], [...path, 'name']);
    return {
      name,
      signer: fixed ?? (kind === 'key' ? 'key' : 'keyless'),
      settings: authority,
      attestations: asked.map((item) => item.wanted),
      unsupported: asked.flatMap((item) => item.unsupported),
    };
  }

  #static(authority: JsonObject, path: DocumentPath): 'pass' | 'fail' {
    const { action } = this.#object(authority['static'], [...path, 'static'], ['action', 'message']);
    if (action !== 'pass' && action !== 'fail') this.#fault([...path, 'static', 'action'], 'pass or fail is required');
    for (const name of ['source', 'ctlog', 'attestations', 'rfc3161timestamp'])
      if (authority[name] !== undefined) this.#fault([...path, name], 'a static authority looks at nothing');
    return action === 'pass' ? 'pass' : 'fail';
  }

  #key(value: unknown, path: DocumentPath): void {
    const key = this.#object(value, path, ['data', 'kms', 'secretRef', 'hashAlgorithm']);
    const algorithm = key['hashAlgorithm'] ?? 'sha256';
    if (typeof algorithm !== 'string' || !hashes.includes(algorithm))
      this.#fault([...path, 'hashAlgorithm'], `${hashes.join(', ')} are known`);
    const kind = this.#one(key, path, ['data', 'kms', 'secretRef']);
    if (kind === 'data' && !this.#text(key['data'], [...path, 'data']).includes('-----BEGIN '))
      this.#fault([...path, 'data'], 'a key in PEM is required');
    if (kind === 'secretRef') this.#object(key['secretRef'], [...path, 'secretRef'], ['name', 'namespace']);
    if (kind !== 'kms') return;
    const place = this.#text(key['kms'], [...path, 'kms']);
    if (!/^[a-z0-9]{2,20}:\/\/.{1,500}$/.test(place))
      this.#fault([...path, 'kms'], 'the address of a key store is required');
    // Only the whole name of a key says whose it is: ids and aliases mean another key in another account.
    if (
      place.startsWith('awskms:') &&
      !/^awskms:\/\/[^/]{0,255}\/arn:aws[a-z-]{0,20}:kms:[a-z0-9-]{1,40}:\d{12}:(?:key|alias)\/[\w/-]{1,256}$/.test(
        place,
      )
    )
      this.#fault([...path, 'kms'], 'an ARN is required');
  }

  #keyless(value: unknown, path: DocumentPath): void {
    const keyless = this.#object(value, path, ['url', 'identities', 'trustRootRef', 'ca-cert', 'insecureIgnoreSCT']);
    if (keyless['ca-cert'] !== undefined && keyless['url'] !== undefined)
      this.#fault(path, 'only one of url and ca-cert');
    if (keyless['ca-cert'] !== undefined) this.#key(keyless['ca-cert'], [...path, 'ca-cert']);
    if (keyless['url'] !== undefined && !URL.canParse(this.#text(keyless['url'], [...path, 'url'])))
      this.#fault([...path, 'url'], 'a URL is required');
    this.#unasked(keyless, [...path, 'url']);
    const identities = this.#list(keyless['identities'], [...path, 'identities']);
    if (identities.length === 0) this.#fault([...path, 'identities'], 'without an identity anybody could sign');
    for (const [index, item] of identities.entries()) {
      const at = [...path, 'identities', index];
      const identity = this.#object(item, at, ['issuer', 'issuerRegExp', 'subject', 'subjectRegExp']);
      for (const part of ['issuer', 'subject']) {
        const found = [part, `${part}RegExp`].filter((name) => identity[name] !== undefined && identity[name] !== '');
        if (found.length === 0) this.#fault([...at, part], `${part} or ${part}RegExp is required`);
        for (const name of found) this.#expression(identity[name], [...at, name]);
      }
    }
  }

  #expression(value: unknown, path: DocumentPath): void {
    const text = this.#text(value, path);
    if (!String(path.at(-1)).endsWith('RegExp')) return;
    if (text.length > most.expression) this.#fault(path, `longer than ${most.expression} characters`);
    try {
      RE2JS.compile(text.slice(0, most.expression));
    } catch {
      this.#fault(path, 'not an RE2 expression');
    }
  }

  /** Services are not asked: what they vouched for lies with the proof, and the trust root says whose word counts. */
  #unasked({ url, trustRootRef }: JsonObject, path: DocumentPath): void {
    if (typeof url !== 'string' || trustRootRef !== undefined || publicServices.test(url)) return;
    const message = `${path.join('.')}: the service is not asked; the trust root says whom it may vouch for (trustRootRef, or --trusted-root)`;
    const location = this.#document.locate(path);
    this.#remarks.push({ kind: 'unsupported', message, location, hidesFindings: false });
  }

  #attestation(
    value: unknown,
    path: DocumentPath,
  ): { readonly wanted: WantedAttestation; readonly unsupported: readonly Problem[] } {
    const attestation = this.#object(value, path, ['name', 'predicateType', 'policy']);
    const name = this.#text(attestation['name'], [...path, 'name']);
    const language =
      attestation['policy'] === undefined ? undefined : this.#language(attestation['policy'], [...path, 'policy']);
    const predicateType = this.#text(attestation['predicateType'], [...path, 'predicateType']);
    return { wanted: { name, predicateType, cue: language?.source }, unsupported: language?.unsupported ?? [] };
  }

  #language(value: unknown, path: DocumentPath): ReadLanguage {
    const policy = this.#object(value, path, ['type', 'data', 'url', 'remote', 'configMapRef', ...contentFlags]);
    const { type } = policy;
    if (type !== 'cue' && type !== 'rego') this.#fault([...path, 'type'], 'cue or rego is required');
    const place = this.#one(policy, path, ['data', 'url', 'remote', 'configMapRef']);
    for (const name of contentFlags)
      if (policy[name] !== undefined && typeof policy[name] !== 'boolean')
        this.#fault([...path, name], 'true or false is required');
    const unjudged = (reason: string): ReadLanguage => ({
      source: undefined,
      content: undefined,
      unsupported: [this.#problem('unsupported', path, `the policy is not judged here: ${reason}`)],
    });
    if (type !== 'cue') return unjudged(`its language is ${String(type)}`);
    if (place !== 'data') return unjudged('it lies elsewhere, and nobody is asked for it');
    const source = this.#text(policy['data'], [...path, 'data']);
    const parsed = parseCue(source);
    if (parsed.kind === 'unsupported') return unjudged(`CUE: ${parsed.reason}`);
    const includes = new Set(contentFlags.filter((name) => policy[name] === true));
    return { source, content: { cue: parsed.file, includes }, unsupported: [] };
  }
}

interface ReadLanguage {
  readonly source: string | undefined;
  readonly content: ContentPolicy | undefined;
  readonly unsupported: readonly Problem[];
}
