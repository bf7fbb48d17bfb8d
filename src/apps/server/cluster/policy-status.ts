// SPDX-License-Identifier: Apache-2.0
// Tells in the status of installed policies whether they are in force, where their kind has conditions: `Ready`, as Kyverno and policy-controller do. Server-side
// apply without force: where another program keeps the conditions they are left to it. Written by the leader only, and only what is different.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import type { Clock } from '../../../io/clock.ts';
import type { KubeClient } from '../../../io/kube/client.ts';
import type { KubeChange } from '../../../io/kube/outcome.ts';
import type { Logger } from '../../../io/log.ts';
import { isDeletionPolicy } from './deletion-policies.ts';
import type { Compilation } from './policy-compilation.ts';
import type { InstalledPolicy } from './policy-watches.ts';

export const fieldManager = 'landwaiter';

export interface StatusOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly isLeader: () => boolean;
  /** Whether policies that delete do so; otherwise they are not in force, whatever they say. */
  readonly acts: boolean;
}

export interface ReadyCondition {
  readonly type: 'Ready';
  readonly status: 'True' | 'False';
  readonly reason: 'Succeeded' | 'Failed';
  readonly message: string;
}

const longestMessage = 1_000;

/** What is to be told of a policy. */
export function conditionOf(
  { key, object }: Pick<InstalledPolicy, 'key' | 'object'>,
  { refused, ignored, acts }: Pick<Compilation, 'refused' | 'ignored'> & Pick<StatusOptions, 'acts'>,
): ReadyCondition {
  const fault = refused.get(key);
  if (fault !== undefined) {
    const message = `${fault.message} (in force: ${fault.instead})`.slice(0, longestMessage);
    return { type: 'Ready', status: 'False', reason: 'Failed', message };
  }
  if (ignored.includes(key))
    return {
      type: 'Ready',
      status: 'False',
      reason: 'Failed',
      message: 'exceptions are not taken from this namespace',
    };
  if (!acts && isDeletionPolicy(object))
    return {
      type: 'Ready',
      status: 'False',
      reason: 'Failed',
      message: 'only told: the controller is not to act (--act)',
    };
  return { type: 'Ready', status: 'True', reason: 'Succeeded', message: 'in force' };
}

export class PolicyStatusWriter {
  readonly #options: StatusOptions;
  #wanted: { readonly compilation: Compilation; readonly installed: readonly InstalledPolicy[] } | undefined;
  #running: Promise<void> | undefined;
  /** Policies whose conditions another program keeps, with the text for which that was found. */
  readonly #left = new Map<string, string>();

  constructor(options: StatusOptions) {
    this.#options = options;
  }

  /** Returns at once; what comes later takes the place of what is not written yet. */
  tell(compilation: Compilation, installed: readonly InstalledPolicy[]): void {
    this.#wanted = { compilation, installed };
    this.#running ??= this.#write().finally(() => {
      this.#running = undefined;
    });
  }

  /** For a replica that has just become the leader: what was told while another led is written now. */
  again(): void {
    const wanted = this.#last;
    if (wanted !== undefined) this.tell(wanted.compilation, wanted.installed);
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.#running;
  }

  #last: { readonly compilation: Compilation; readonly installed: readonly InstalledPolicy[] } | undefined;

  async #write(): Promise<void> {
    for (let wanted = this.#wanted; wanted !== undefined; wanted = this.#wanted) {
      this.#wanted = undefined;
      this.#last = wanted;
      for (const policy of wanted.installed) {
        if (this.#wanted !== undefined || !this.#options.isLeader()) break;
        await this.#writeOne(policy, conditionOf(policy, { ...wanted.compilation, acts: this.#options.acts }));
      }
    }
  }

  async #writeOne(policy: InstalledPolicy, condition: ReadyCondition): Promise<void> {
    const { log, clock } = this.#options;
    const path = policy.from.kind.conditions;
    if (path === undefined || !policy.from.hasStatus || this.#left.get(policy.key) === condition.message) return;
    const known = policy.conditions.find(({ type }) => type === 'Ready');
    if (known?.['status'] === condition.status && known['message'] === condition.message) return;
    const since = known?.['status'] === condition.status ? asString(known['lastTransitionTime']) : undefined;
    const now = new Date(clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z');
    const conditions = [{ ...condition, lastTransitionTime: since ?? now }];
    const isReady = condition.status === 'True';
    let change = await this.#apply(policy, statusWith(path, conditions));
    // Older definitions of ClusterPolicy demand `ready` beside the conditions; others do not know it.
    if (change.kind === 'refused' && /ready/i.test(change.message) && change.reason !== 'Conflict')
      change = await this.#apply(policy, { ...statusWith(path, conditions), ready: isReady });
    if (change.kind === 'done') {
      this.#left.delete(policy.key);
      return;
    }
    if (change.kind === 'refused') {
      this.#left.set(policy.key, condition.message);
      if (change.reason === 'NotFound' || change.reason === 'Conflict') return;
    }
    log.warn(
      `the status of ${policy.key} is not written: ${change.kind === 'refused' ? change.message : change.reason}`,
    );
  }

  #apply({ object }: InstalledPolicy, status: JsonObject): Promise<KubeChange<JsonObject>> {
    const metadata = asObject(object['metadata']) ?? {};
    const { name, namespace, uid } = metadata;
    return this.#options.client.apply(
      {
        apiVersion: object['apiVersion'],
        kind: object['kind'],
        // The uid is a precondition: what is said of one policy is not said of the next of that name.
        metadata: {
          name,
          ...(namespace === undefined ? {} : { namespace }),
          ...(uid === undefined ? {} : { uid }),
        },
        status,
      },
      { fieldManager, subresource: 'status' },
    );
  }
}

function statusWith(path: readonly string[], conditions: readonly JsonObject[]): JsonObject {
  return path.reduceRight<unknown>((value, member) => ({ [member]: value }), conditions) as JsonObject;
}
