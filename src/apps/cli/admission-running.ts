// SPDX-License-Identifier: Apache-2.0
// What runs in the cluster now, judged as if it were created once more by policies that are not in force yet: for `admission replay --running`.
import type { KubeClient, KubeResource } from '../../io/kube/client.ts';
import { LandwaiterError, messageOf } from '../../model/error.ts';
import type { PolicySet } from '../../policy/policy-set.ts';
import { describeObject } from '../../policy/policy-set.ts';
import { interestsOf, nameOf, scannedKinds } from '../server/cluster/background/scanned-kinds.ts';
import { requestOf } from '../server/cluster/background/scanned-request.ts';
import { bareObject } from '../server/cluster/bare-object.ts';
import type { ReplayJudge } from './replay-judge.ts';
import type { Replayed } from './replayed.ts';
import { replayedOf } from './replayed.ts';

export interface Running {
  readonly judged: readonly Replayed[];
  /** Kinds that could not be read, or not to their end. */
  readonly gaps: readonly string[];
}

/** Throws NETWORK_FAILED when the cluster cannot be asked what it has. */
export async function judgeRunning(client: KubeClient, set: PolicySet, judge: ReplayJudge): Promise<Running> {
  const { kinds, gaps: unasked } = await kindsOf(client, set);
  const gaps = [...unasked];
  const judged: Replayed[] = [];
  for (const kind of kinds) {
    try {
      for await (const whole of client.list(kind)) {
        const id = String(judged.length + 1);
        const request = { ...requestOf(kind, bareObject(whole)), uid: id };
        const reviewed = await judge.review(request);
        if (reviewed.outcome === 'exempt') continue;
        judged.push(replayedOf(reviewed, { id, time: '', object: describeObject(request.object), was: 'allowed' }));
      }
    } catch (error) {
      gaps.push(`${nameOf(kind)}: ${messageOf(error)}`);
    }
  }
  return { judged, gaps };
}

async function kindsOf(
  client: KubeClient,
  set: PolicySet,
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
