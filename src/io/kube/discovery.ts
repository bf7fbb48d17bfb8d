// SPDX-License-Identifier: Apache-2.0
// Which kinds an API server has and where their objects live. Answers are kept: a kind that is not among them is asked for again, since custom resource
// definitions come and go.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { CallOptions, KindName, KubeResource, ServedKinds } from './client.ts';
import type { KubeOutcome } from './outcome.ts';
import { kubeOutcomeOf } from './outcome.ts';
import type { KubePace } from './pace.ts';
import { groupVersionPath } from './paths.ts';
import type { KubeSender } from './sender.ts';
import { parseAnswer, readStatus, unknownOf } from './status.ts';

/** Milliseconds in which a known kind is not asked for again, and in which an absent one is not. */
const knownFor = 600_000;
const absentFor = 2_000;

interface Known {
  readonly resources: readonly KubeResource[];
  readonly at: number;
}

export class Discovery {
  readonly #sender: KubeSender;
  readonly #pace: KubePace;
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<KubeOutcome<readonly KubeResource[]>>>();

  constructor(sender: KubeSender, pace: KubePace) {
    this.#sender = sender;
    this.#pace = pace;
  }

  /** What is handed in with its place is believed. */
  async resourceOf(kind: KindName | KubeResource, options: CallOptions = {}): Promise<KubeOutcome<KubeResource>> {
    if ('resource' in kind) return { kind: 'found', value: kind };
    const known = this.#known.get(kind.apiVersion);
    const age = known === undefined ? Number.POSITIVE_INFINITY : this.#pace.now() - known.at;
    const match = known?.resources.find((resource) => resource.kind === kind.kind);
    if (match !== undefined && age < knownFor) return { kind: 'found', value: match };
    if (known !== undefined && age < absentFor) return { kind: 'none' };
    const outcome = await this.#askOnce(kind.apiVersion, options);
    // An old answer is better than none while the server cannot be asked.
    if (outcome.kind === 'unknown') return match === undefined ? outcome : { kind: 'found', value: match };
    if (outcome.kind === 'none') return outcome;
    const found = outcome.value.find((resource) => resource.kind === kind.kind);
    return found === undefined ? { kind: 'none' } : { kind: 'found', value: found };
  }

  /** The kind is no longer where it was said to be: the next question asks the server. */
  forget(apiVersion: string): void {
    this.#known.delete(apiVersion);
  }

  /** Two questions where the server has aggregated discovery (1.27 and newer), one for each group version elsewhere. */
  async all(): Promise<KubeOutcome<ServedKinds>> {
    return kubeOutcomeOf(async () => {
      const resources: KubeResource[] = [];
      const unknown: string[] = [];
      for (const path of ['/api', '/apis']) {
        const answer = await this.#ask(path, aggregated);
        if (answer.status !== 200) return unknownOf(answer, `discover ${path}`);
        const root = asObject(parseAnswer(answer.body));
        const served = root?.['kind'] === 'APIGroupDiscoveryList' ? aggregatedKinds(root) : await this.#oneByOne(root);
        resources.push(...served.resources);
        unknown.push(...served.unknown);
      }
      return { kind: 'found', value: { resources, unknown } };
    });
  }

  async #oneByOne(root: JsonObject | undefined): Promise<ServedKinds> {
    const versions = [
      ...asStrings(root?.['versions']),
      ...asArray(root?.['groups']).flatMap((group) =>
        asArray(asObject(group)?.['versions']).flatMap((version) => asStrings(asObject(version)?.['groupVersion'])),
      ),
    ];
    const resources: KubeResource[] = [];
    const unknown: string[] = [];
    for (const version of versions) {
      const outcome = await this.#askOnce(version, {});
      if (outcome.kind === 'unknown') unknown.push(version);
      if (outcome.kind === 'found') resources.push(...outcome.value);
    }
    return { resources, unknown };
  }

  #askOnce(apiVersion: string, options: CallOptions): Promise<KubeOutcome<readonly KubeResource[]>> {
    const running = this.#asking.get(apiVersion);
    if (running !== undefined) return running;
    const asked = kubeOutcomeOf(() => this.#askGroupVersion(apiVersion, options)).finally(() =>
      this.#asking.delete(apiVersion),
    );
    this.#asking.set(apiVersion, asked);
    return asked;
  }

  async #askGroupVersion(apiVersion: string, { time }: CallOptions): Promise<KubeOutcome<readonly KubeResource[]>> {
    const answer = await this.#ask(groupVersionPath(apiVersion), 'application/json', time);
    if (answer.status === 404 && isNotServed(answer.body)) {
      this.#known.set(apiVersion, { resources: [], at: this.#pace.now() });
      return { kind: 'none' };
    }
    const list = asObject(parseAnswer(answer.body));
    if (answer.status !== 200 || list?.['kind'] !== 'APIResourceList')
      return unknownOf(answer, `discover ${apiVersion}`);
    const resources = listedResources(apiVersion, list);
    this.#known.set(apiVersion, { resources, at: this.#pace.now() });
    return { kind: 'found', value: resources };
  }

  #ask(path: string, accept: string, time?: number): ReturnType<KubeSender['ask']> {
    return this.#sender.ask({
      method: 'GET',
      path,
      accept,
      repeatable: 'yes',
      maximum: defaultLimits.kubeAnswerBytes,
      ...(time === undefined ? {} : { time }),
    });
  }
}

const aggregated =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

/** A group that no part of the server has is answered by its router, in plain text. */
function isNotServed(body: Buffer): boolean {
  return (
    body.toString('latin1').trim() === '404 page not found' || readStatus(parseAnswer(body))?.reason === 'NotFound'
  );
}

/** `APIResourceList`: subresources are entries of their own, named `pods/status`. */
function listedResources(apiVersion: string, list: JsonObject): readonly KubeResource[] {
  const entries = asArray(list['resources'])
    .map(asObject)
    .filter((entry) => entry !== undefined);
  const names = entries.map((entry) => asString(entry['name']) ?? '');
  return entries.flatMap((entry): readonly KubeResource[] => {
    const [resource, kind] = [asString(entry['name']) ?? '', asString(entry['kind']) ?? ''];
    if (resource === '' || kind === '' || resource.includes('/')) return [];
    const prefix = `${resource}/`;
    const subresources = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    return [
      {
        apiVersion,
        kind,
        resource,
        namespaced: entry['namespaced'] === true,
        verbs: asStrings(entry['verbs']),
        subresources,
      },
    ];
  });
}

/** `APIGroupDiscoveryList` (apidiscovery.k8s.io). A version that is `Stale` comes without its resources, or with those of some time ago. */
function aggregatedKinds(root: JsonObject): ServedKinds {
  const versions = asArray(root['items']).flatMap((item) => {
    const group = asString(asObject(asObject(item)?.['metadata'])?.['name']) ?? '';
    return asArray(asObject(item)?.['versions']).map((version) => {
      const name = asString(asObject(version)?.['version']) ?? '';
      return { apiVersion: group === '' ? name : `${group}/${name}`, version: asObject(version) ?? {} };
    });
  });
  return {
    resources: versions.flatMap(({ apiVersion, version }) =>
      asArray(version['resources']).flatMap((entry) => aggregatedResource(apiVersion, asObject(entry) ?? {})),
    ),
    unknown: versions.filter(({ version }) => version['freshness'] === 'Stale').map(({ apiVersion }) => apiVersion),
  };
}

function aggregatedResource(apiVersion: string, entry: JsonObject): readonly KubeResource[] {
  const resource = asString(entry['resource']) ?? '';
  const kind = asString(asObject(entry['responseKind'])?.['kind']) ?? '';
  if (resource === '' || kind === '') return [];
  return [
    {
      apiVersion,
      kind,
      resource,
      namespaced: entry['scope'] === 'Namespaced',
      verbs: asStrings(entry['verbs']),
      subresources: asArray(entry['subresources']).flatMap((sub) => asStrings(asObject(sub)?.['subresource'])),
    },
  ];
}
