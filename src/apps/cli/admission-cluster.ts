// SPDX-License-Identifier: Apache-2.0
// What the admission commands have in common when they work with a cluster: its client, policies of files beside installed ones, and how long they are waited for.
import { randomInt } from 'node:crypto';
import { findClusterAccess } from '../../io/kube/access.ts';
import type { KubeClient } from '../../io/kube/client.ts';
import { openKubeClient } from '../../io/kube/open-client.ts';
import type { CompileOptions, EngineSurroundings } from '../../policy/engine.ts';
import { documentsOf } from '../policy/policy-files.ts';
import type { PolicyHolder } from '../server/admission/policy-holder.ts';
import { ClusterData } from '../server/cluster/cluster-data.ts';
import type { ClusterPoliciesOptions, PolicyFiles } from '../server/cluster/cluster-policies.ts';
import { ClusterPolicies } from '../server/cluster/cluster-policies.ts';
import type { PolicyOrigin } from '../server/cluster/policy-kinds.ts';
import { compileSettings, readPolicies, reasonOf } from './admission-policies.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

export interface InstalledPolicies {
  readonly client: KubeClient;
  readonly data: ClusterData;
  readonly policies: ClusterPolicies;
  readonly compileOptions: Omit<CompileOptions, 'unbound'>;
  /** Reads policies of files again, where some are named. Never rejects: what cannot be read leaves the old ones in force. */
  readFiles(): Promise<void>;
  /** Lines of metrics. */
  metrics(): readonly string[];
  close(): Promise<void>;
}

/** Undefined: policies come from files only. */
export function policyOrigins(values: FlagValues): ReadonlySet<PolicyOrigin> | undefined {
  const words = values.list('policies-from') as readonly PolicyOrigin[];
  return words.length === 0 ? undefined : new Set<PolicyOrigin>(['cluster', ...words]);
}

/** Where policy-controller keeps its ConfigMap unless told otherwise. Who names the namespace counts on what stands there. */
function settingsFrom(values: FlagValues): NonNullable<ClusterPoliciesOptions['settings']> {
  const namespace = values.text('image-policy-settings');
  return namespace === undefined
    ? { namespace: 'cosign-system', presence: 'optional' }
    : { namespace, presence: 'required' };
}

/** Throws CONFIG_INVALID when no cluster is configured. */
export function followInstalled(
  context: CommandContext,
  values: FlagValues,
  options: Pick<ClusterPoliciesOptions, 'origins' | 'compiled'> & { readonly holder: PolicyHolder },
): InstalledPolicies {
  const { environment, clock, log } = context;
  const client = openKubeClient({
    access: findClusterAccess({ environment, home: environment['HOME'] }),
    environment,
  });
  const surroundings: EngineSurroundings = { now: () => clock.now(), random: (below) => randomInt(below) };
  const compileOptions = { surroundings, ...compileSettings(values) };
  const data = new ClusterData({ client, clock, log, surroundings });
  // Files that are named and cannot be read are not none.
  let files: PolicyFiles | undefined =
    values.list('policies').length === 0 ? { documents: [], problems: [] } : undefined;
  let stamp = '';
  const policies = new ClusterPolicies({
    ...options,
    client,
    data,
    log,
    compileOptions,
    exceptionNamespaces: new Set(values.list('exceptions-from')),
    settings: settingsFrom(values),
    files: () => files,
  });
  return {
    client,
    data,
    policies,
    compileOptions,
    readFiles: async () => {
      if (values.list('policies').length === 0) return;
      try {
        const read = await readPolicies(context, values);
        if (read.stamp === stamp) return;
        stamp = read.stamp;
        files = documentsOf(read);
        policies.changed();
      } catch (error) {
        log.error(`policies were not taken: ${reasonOf(error)}`);
      }
    },
    metrics: () => [
      '# TYPE landwaiter_watches_behind gauge',
      `landwaiter_watches_behind ${policies.behind + data.behind}`,
    ],
    close: async () => {
      await policies.close();
      data.close();
      client.close();
    },
  };
}
