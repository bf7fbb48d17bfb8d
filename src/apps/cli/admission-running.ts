// SPDX-License-Identifier: Apache-2.0
// What runs in the cluster now, judged as if it were created once more by policies that are not in force yet: for `admission replay --running`.
import { randomInt } from 'node:crypto';
import { findClusterAccess } from '../../io/kube/access.ts';
import type { KubeClient, KubeResource } from '../../io/kube/client.ts';
import { openKubeClient } from '../../io/kube/open-client.ts';
import { LandwaiterError, messageOf } from '../../model/error.ts';
import type { EngineData } from '../../policy/engine.ts';
import { describeObject } from '../../policy/policy-set.ts';
import { Asking } from '../server/admission/asking/asking.ts';
import type { ReviewSettings } from '../server/admission/review.ts';
import { reviewRequest } from '../server/admission/review.ts';
import { interestsOf, nameOf, scannedKinds } from '../server/cluster/background/scanned-kinds.ts';
import { requestOf } from '../server/cluster/background/scanned-request.ts';
import { bareObject } from '../server/cluster/bare-object.ts';
import { ClusterData } from '../server/cluster/cluster-data.ts';
import { admissionImages } from './admission-images.ts';
import type { LoadedPolicies } from './admission-policies.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import type { Replayed } from './replayed.ts';
import { replayedOf } from './replayed.ts';

export interface Running {
  readonly judged: readonly Replayed[];
  /** Kinds that could not be read, or not to their end. */
  readonly gaps: readonly string[];
}

/** Milliseconds for what policies look up of one object, and until everything that they name is known. */
const lookingTime = 15_000;
const patience = 60_000;
const looksAtOnce = 8;

/** Throws CONFIG_INVALID when no cluster is configured, NETWORK_FAILED when it cannot be asked what it has. */
export async function judgeRunning(
  context: CommandContext,
  values: FlagValues,
  { loaded, settings }: { readonly loaded: LoadedPolicies; readonly settings: ReviewSettings },
): Promise<Running> {
  const { environment, clock, log } = context;
  const client = openKubeClient({ access: findClusterAccess({ environment, home: environment['HOME'] }), environment });
  const asking = new Asking({
    waiting: looksAtOnce,
    atOnce: looksAtOnce,
    report: (error) => log.error(`a look-up ended with a defect: ${messageOf(error)}`),
  });
  const surroundings = { now: () => clock.now(), random: (below: number) => randomInt(below) };
  const cluster = new ClusterData({ client, clock, log, surroundings });
  const images = admissionImages(context, values, { asking, client });
  try {
    const documents = loaded.set.engines.flatMap((engine) => engine.documents.map(({ object }) => object));
    cluster.setBeside(loaded.others.map(({ object }) => object));
    await cluster.follow(documents, patience);
    const data = (): EngineData => images.withImages(cluster.lookups((name, look) => asking.ask(name, look)));
    const { kinds, gaps: unasked } = await kindsOf(client, loaded);
    const gaps = [...unasked];
    const judged: Replayed[] = [];
    for (const kind of kinds) {
      try {
        for await (const whole of client.list(kind)) {
          const request = { ...requestOf(kind, bareObject(whole)), uid: String(judged.length + 1) };
          const view = data();
          const judge = () =>
            reviewRequest(request, { set: loaded.set, data: view, settings, phase: 'validate', id: request.uid });
          const reviewed = await asking.judge(judge, { time: clock.now(), milliseconds: lookingTime });
          if (reviewed.outcome === 'exempt') continue;
          judged.push(
            replayedOf(reviewed, { id: request.uid, time: '', object: describeObject(request.object), was: 'allowed' }),
          );
        }
      } catch (error) {
        gaps.push(`${nameOf(kind)}: ${messageOf(error)}`);
      }
    }
    return { judged, gaps };
  } finally {
    images.close();
    cluster.close();
    client.close();
  }
}

async function kindsOf(
  client: KubeClient,
  { set }: LoadedPolicies,
): Promise<{ readonly kinds: readonly KubeResource[]; readonly gaps: readonly string[] }> {
  const resources = await client.resources();
  if (resources.kind === 'found') {
    const { kinds, left } = scannedKinds(interestsOf(set), resources.value.resources);
    const tooMany = left.map((name) => `${name}: more kinds than are read`);
    const unasked = resources.value.unknown.map((version) => `${version}: which kinds it has could not be asked`);
    return { kinds, gaps: [...tooMany, ...unasked] };
  }
  const reason = resources.kind === 'unknown' ? resources.reason : 'it has no kinds';
  throw new LandwaiterError({ code: 'NETWORK_FAILED', message: `the cluster cannot be asked what it has: ${reason}` });
}
