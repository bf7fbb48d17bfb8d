// SPDX-License-Identifier: Apache-2.0
// Results of scans as objects of the cluster: one openreports.io Report for each namespace and one ClusterReport, or PolicyReports (wgpolicyk8s.io) where only those are
// installed. Summaries with the rules that are broken and a few of the objects; a report for each object would fill etcd. Written when something changed, with pauses.
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject, asString } from '../../../../formats/document.ts';
import type { Clock } from '../../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import type { Logger } from '../../../../io/log.ts';
import { messageOf } from '../../../../model/error.ts';
import type { BrokenRule, ScanResults } from './scan-results.ts';

export interface ReportOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly results: ScanResults;
  readonly isLeader: () => boolean;
  /** What could not be scanned, with the reason: it must not look clean. */
  readonly gaps: () => readonly string[];
  readonly pause: (milliseconds: number) => Promise<void>;
}

const name = 'landwaiter';
const source = 'landwaiter';
const managed = { 'app.kubernetes.io/managed-by': 'landwaiter' };
const fieldManager = 'landwaiter-reports';
const mostRules = 100;
const mostObjects = 10;
/** Milliseconds between two reports. */
const between = 200;

interface ReportKinds {
  readonly namespaced: KubeResource;
  readonly cluster: KubeResource;
  readonly hasSource: boolean;
}

const kinds: readonly ReportKinds[] = [
  {
    namespaced: { apiVersion: 'openreports.io/v1alpha1', kind: 'Report', resource: 'reports', namespaced: true },
    cluster: {
      apiVersion: 'openreports.io/v1alpha1',
      kind: 'ClusterReport',
      resource: 'clusterreports',
      namespaced: false,
    },
    hasSource: true,
  },
  {
    namespaced: {
      apiVersion: 'wgpolicyk8s.io/v1alpha2',
      kind: 'PolicyReport',
      resource: 'policyreports',
      namespaced: true,
    },
    cluster: {
      apiVersion: 'wgpolicyk8s.io/v1alpha2',
      kind: 'ClusterPolicyReport',
      resource: 'clusterpolicyreports',
      namespaced: false,
    },
    hasSource: false,
  },
];

export class ScanReports {
  readonly #options: ReportOptions;
  /** Text of what was last written, by namespace. */
  readonly #written = new Map<string, string>();
  #isCleared = false;
  #told = '';

  constructor(options: ReportOptions) {
    this.#options = options;
  }

  /** Writes what changed. After a whole scan reports of namespaces that have no results any more are deleted. Never rejects. */
  async write(after: 'scan' | 'change'): Promise<void> {
    const { results, log, isLeader, pause } = this.#options;
    const changed = new Set(results.takeChanged());
    try {
      const installed = await this.#installed();
      if (installed === undefined) return;
      if (after === 'scan') for (const namespace of ['', ...results.namespaces]) changed.add(namespace);
      if (after === 'scan' && !this.#isCleared) await this.#clear(installed);
      for (const namespace of changed) {
        if (!isLeader()) return;
        if (await this.#writeOne(installed, namespace)) await pause(between);
      }
    } catch (error) {
      this.#tell(`reports are not written: ${messageOf(error)}`);
      log.debug(messageOf(error));
    }
  }

  /** For another leader: what this replica knows to have written may be gone. */
  forget(): void {
    this.#written.clear();
    this.#isCleared = false;
  }

  async #installed(): Promise<ReportKinds | undefined> {
    for (const each of kinds) {
      const { apiVersion, kind } = each.namespaced;
      const found = await this.#options.client.resourceOf({ apiVersion, kind });
      if (found.kind === 'found') return each;
      if (found.kind === 'unknown') throw new Error(found.reason);
    }
    this.#tell(
      'no kind of reports is installed (openreports.io): what scans find stands in metrics and decisions only',
    );
    return undefined;
  }

  /** Reports of a leader before this one, about namespaces without results. */
  async #clear(installed: ReportKinds): Promise<void> {
    const { client, results } = this.#options;
    const known = new Set(results.namespaces);
    for (const kind of [installed.namespaced, installed.cluster])
      for await (const object of client.list(kind, { labelSelector: `app.kubernetes.io/managed-by=landwaiter` })) {
        const metadata = asObject(object['metadata']);
        const namespace = asString(metadata?.['namespace']) ?? '';
        if (metadata?.['name'] === name && namespace !== '' && !known.has(namespace))
          await client.delete(kind, name, { namespace });
      }
    this.#isCleared = true;
  }

  /** Whether the server was asked. */
  async #writeOne(installed: ReportKinds, namespace: string): Promise<boolean> {
    const { client } = this.#options;
    const isCluster = namespace === '';
    const kind = isCluster ? installed.cluster : installed.namespaced;
    const place = isCluster ? {} : { namespace };
    const report = this.#report(installed, namespace);
    const text = report === undefined ? '' : JSON.stringify(report);
    if (this.#written.get(namespace) === text) return false;
    const change =
      report === undefined
        ? await client.delete(kind, name, place)
        : await client.apply(stamped(report, Math.floor(this.#options.clock.now() / 1_000)), {
            fieldManager,
            force: true,
            ...place,
          });
    // The namespace may be gone by now, and its report with it.
    if (change.kind === 'done' || (change.kind === 'refused' && change.reason === 'NotFound')) {
      if (report === undefined) this.#written.delete(namespace);
      else this.#written.set(namespace, text);
    } else
      this.#tell(
        `the ${kind.kind} of ${isCluster ? 'the cluster' : namespace} is not written: ${change.kind === 'refused' ? change.message : change.reason}`,
      );
    return true;
  }

  /** Undefined: there is nothing to report, and no namespace that anything is reported of. The one of the cluster is always there: it says what was not scanned. */
  #report({ namespaced, cluster, hasSource }: ReportKinds, namespace: string): JsonObject | undefined {
    const { results, gaps } = this.#options;
    const isCluster = namespace === '';
    if (!isCluster && !results.namespaces.includes(namespace)) return undefined;
    const summary = { ...results.summary(namespace) };
    const open = isCluster ? gaps() : [];
    summary.error += open.length;
    const { apiVersion, kind } = isCluster ? cluster : namespaced;
    return {
      apiVersion,
      kind,
      metadata: { name, ...(isCluster ? {} : { namespace }), labels: managed },
      ...(hasSource ? { source } : {}),
      ...(isCluster ? {} : { scope: { apiVersion: 'v1', kind: 'Namespace', name: namespace } }),
      summary,
      results: [
        ...open.map((message) => ({ source, policy: 'landwaiter', rule: 'coverage', result: 'error', message })),
        ...results.broken(namespace).slice(0, mostRules).map(resultOf),
      ],
    };
  }

  #tell(message: string): void {
    if (this.#told === message) return;
    this.#told = message;
    this.#options.log.warn(message);
  }
}

function resultOf({ policy, rule, result, message, objects }: BrokenRule): JsonObject {
  const count = objects.length === 1 ? '1 object' : `${objects.length} objects`;
  return {
    source,
    policy,
    ...(rule === '' ? {} : { rule }),
    result,
    message: `${count}: ${message}`,
    properties: { objects: String(objects.length) },
    resources: objects
      .map(({ apiVersion, kind, namespace, name: own, uid }) => ({
        apiVersion,
        kind,
        ...(namespace === undefined ? {} : { namespace }),
        name: own,
        ...(uid === '' ? {} : { uid }),
      }))
      .sort((a, b) => (a.kind + a.name < b.kind + b.name ? -1 : 1))
      .slice(0, mostObjects),
  };
}

/** Results with the time; without it, reports can be compared. */
function stamped(report: JsonObject, seconds: number): JsonObject {
  const results = (report['results'] as readonly JsonObject[]).map((result) => ({
    ...result,
    timestamp: { seconds, nanos: 0 },
  }));
  return { ...report, results };
}
