// SPDX-License-Identifier: Apache-2.0
// Judges requests by policies that are not in force yet, with what those may look up: what lies beside them, and as far as it was asked for, registries and
// the cluster.
import { randomInt } from 'node:crypto';
import type { ReviewedRequest } from '../../formats/admission-review.ts';
import { findClusterAccess } from '../../io/kube/access.ts';
import type { KubeClient } from '../../io/kube/client.ts';
import { openKubeClient } from '../../io/kube/open-client.ts';
import { messageOf } from '../../model/error.ts';
import type { EngineData } from '../../policy/engine.ts';
import { Asking } from '../server/admission/asking/asking.ts';
import type { Reviewed, ReviewSettings } from '../server/admission/review.ts';
import { reviewRequest } from '../server/admission/review.ts';
import { ClusterData } from '../server/cluster/cluster-data.ts';
import { admissionImages } from './admission-images.ts';
import type { LoadedPolicies } from './admission-policies.ts';
import { engineDataOf } from './admission-policies.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

export interface ReplayJudge {
  /** Of the cluster, where it is asked for. */
  readonly client: KubeClient | undefined;
  review(request: ReviewedRequest): Promise<Reviewed>;
  close(): void;
}

/** Milliseconds for what policies look up for one request, and until everything that they name in a cluster is known. */
const lookingTime = 15_000;
const patience = 60_000;
const looksAtOnce = 8;

/** `--running` looks up in the cluster and in registries, `--registry` in registries. Throws CONFIG_INVALID when no cluster is configured. */
export async function openReplayJudge(
  context: CommandContext,
  values: FlagValues,
  { loaded, settings }: { readonly loaded: LoadedPolicies; readonly settings: ReviewSettings },
): Promise<ReplayJudge> {
  const { environment, clock, log } = context;
  const { set, others } = loaded;
  const asking = new Asking({
    waiting: looksAtOnce,
    atOnce: looksAtOnce,
    report: (error) => log.error(`a look-up ended with a defect: ${messageOf(error)}`),
  });
  const client = values.isSet('running')
    ? openKubeClient({ access: findClusterAccess({ environment, home: environment['HOME'] }), environment })
    : undefined;
  const surroundings = { now: () => clock.now(), random: (below: number) => randomInt(below) };
  const cluster = client === undefined ? undefined : new ClusterData({ client, clock, log, surroundings });
  const asksRegistries = client !== undefined || values.isSet('registry');
  const images = asksRegistries ? admissionImages(context, values, { asking, client }) : undefined;
  cluster?.setBeside(others.map(({ object }) => object));
  await cluster?.follow(
    set.engines.flatMap(({ documents }) => documents.map(({ object }) => object)),
    patience,
  );
  const beside = engineDataOf(others);
  const dataNow = (): EngineData => {
    const data = cluster?.lookups((name, look) => asking.ask(name, look)) ?? beside;
    return images?.withImages(data) ?? data;
  };
  return {
    client,
    review: async (request) => {
      const data = dataNow();
      const judge = (): Reviewed => reviewRequest(request, { set, data, settings, phase: 'validate', id: request.uid });
      return asking.judge(judge, { time: clock.now(), milliseconds: lookingTime });
    },
    close: () => {
      images?.close();
      cluster?.close();
      client?.close();
    },
  };
}
