// SPDX-License-Identifier: Apache-2.0
// Keeps the registration of the webhooks equal to what the policies in force need, by the leader: made when it is missing, put back when somebody changed it, taken away
// when no policy needs it. Changes are written against the version that was read, so two writers never overwrite each other unseen.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { KubeClient, KubeResource, Watch } from '../../../io/kube/client.ts';
import type { KubeChange } from '../../../io/kube/outcome.ts';
import type { Logger } from '../../../io/log.ts';
import { messageOf } from '../../../model/error.ts';
import { equalJson } from '../../../policy/patch/json-members.ts';
import type { RegistrationOptions } from '../admission/webhook-registration.ts';
import { webhookRegistration } from '../admission/webhook-registration.ts';
import { bundleToKeep } from './authority-bundle.ts';
import { fieldManager } from './policy-status.ts';

export interface WantedRegistration extends Omit<RegistrationOptions, 'caBundle'> {
  /** PEM; undefined: whoever else writes it (cert-manager) is left to it. */
  readonly caBundle: string | undefined;
  /** `https://host:port` in the place of the service: for a webhook outside of the cluster. */
  readonly url?: string | undefined;
}

export interface RegistrationKeeperOptions {
  readonly client: KubeClient;
  readonly log: Logger;
  readonly isLeader: () => boolean;
  /** Undefined while it is not known which policies there are: nothing is changed then. */
  readonly wanted: () => WantedRegistration | undefined;
  /** Milliseconds after which it looks again, whatever it has heard. */
  readonly lookEvery?: number;
}

const group = 'admissionregistration.k8s.io/v1';
const kinds: readonly (KubeResource & { readonly name: string })[] = [
  {
    apiVersion: group,
    kind: 'MutatingWebhookConfiguration',
    resource: 'mutatingwebhookconfigurations',
    namespaced: false,
    name: 'landwaiter-mutate',
  },
  {
    apiVersion: group,
    kind: 'ValidatingWebhookConfiguration',
    resource: 'validatingwebhookconfigurations',
    namespaced: false,
    name: 'landwaiter-validate',
  },
];

const label = 'app.kubernetes.io/managed-by';
const usualLook = 60_000;
const soon = 200;
const afterFailure = 5_000;

interface Kept {
  readonly kind: (typeof kinds)[number];
  readonly watch: Watch<JsonObject>;
  isComplete: boolean;
  /** What was last written, to tell drift from a wish that changed. */
  written: JsonObject | undefined;
}

export class RegistrationKeeper {
  readonly #options: RegistrationKeeperOptions;
  readonly #kept: readonly Kept[];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;
  #repairs = 0;

  constructor(options: RegistrationKeeperOptions) {
    this.#options = options;
    const { client, log } = options;
    this.#kept = kinds.map((kind) => {
      const watch = client.watch(
        kind,
        {
          project: (object) => object,
          changed: () => this.look(),
          failed: ({ fault, reason }) => {
            if (fault !== 'expired' && fault !== 'ended') log.warn(reason);
          },
        },
        { fieldSelector: `metadata.name=${kind.name}` },
      );
      const kept: Kept = { kind, watch, isComplete: false, written: undefined };
      watch.synced.then(
        () => {
          kept.isComplete = true;
          this.look();
        },
        () => undefined,
      );
      return kept;
    });
  }

  /** How often something was put back that somebody else had changed. */
  get repairs(): number {
    return this.#repairs;
  }

  /** Looks soon whether the registration is as it ought to be. */
  look(delay = soon): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(() => this.#lookNow());
    }, delay);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const { watch } of this.#kept) watch.close();
    await this.#running;
  }

  async #lookNow(): Promise<void> {
    let isWell = true;
    try {
      const wanted = this.#options.isLeader() ? this.#options.wanted() : undefined;
      if (wanted !== undefined) {
        const objects = webhookRegistration({ ...wanted, caBundle: wanted.caBundle ?? '' }) as readonly JsonObject[];
        for (const kept of this.#kept)
          if (kept.isComplete)
            isWell =
              (await this.#keep(
                kept,
                wanted,
                objects.find(({ kind }) => kind === kept.kind.kind),
              )) && isWell;
      }
    } catch (error) {
      isWell = false;
      this.#options.log.error(`the registration of the webhooks: ${messageOf(error)}`);
    }
    this.look(isWell ? (this.#options.lookEvery ?? usualLook) : afterFailure);
  }

  /** Whether it is as it ought to be now. */
  async #keep(kept: Kept, wanted: WantedRegistration, base: JsonObject | undefined): Promise<boolean> {
    const { client, log } = this.#options;
    const { kind, watch } = kept;
    const existing = watch.objects.get(kind.name);
    if (base === undefined) {
      if (existing === undefined || !isManaged(existing)) return true;
      const { uid, resourceVersion } = asObject(existing['metadata']) ?? {};
      const preconditions = { uid: asString(uid) ?? '', resourceVersion: asString(resourceVersion) ?? '' };
      return this.#told(kind, 'is taken away', await client.delete(kind, kind.name, { preconditions }));
    }
    const webhooks = webhooksOf(base, existing, wanted);
    if (existing === undefined) {
      kept.written = undefined;
      const created = await client.create({ ...base, webhooks }, { fieldManager });
      if (created.kind === 'done') kept.written = { webhooks };
      return this.#told(kind, 'is made', created);
    }
    if (isManaged(existing) && equalJson(existing['webhooks'], webhooks)) {
      kept.written = { webhooks };
      return true;
    }
    const isDrift = kept.written !== undefined && equalJson(kept.written['webhooks'], webhooks);
    const metadata = asObject(existing['metadata']) ?? {};
    const labels = { ...asObject(metadata['labels']), ...asObject(asObject(base['metadata'])?.['labels']) };
    const updated = await client.update({ ...existing, metadata: { ...metadata, labels }, webhooks }, { fieldManager });
    if (updated.kind === 'done') {
      kept.written = { webhooks };
      if (isDrift) {
        this.#repairs += 1;
        log.warn(`${kind.kind} ${kind.name} had been changed by somebody else`);
      }
    }
    return this.#told(kind, isDrift ? 'is put back' : 'is changed', updated);
  }

  #told(kind: Kept['kind'], what: string, change: KubeChange<JsonObject>): boolean {
    const { log } = this.#options;
    if (change.kind === 'done') {
      log.info(`${kind.kind} ${kind.name} ${what}`);
      return true;
    }
    // Somebody was faster; the watch brings what is there now.
    if (change.kind === 'refused' && (change.reason === 'Conflict' || change.reason === 'AlreadyExists')) return false;
    if (change.kind === 'refused' && change.reason === 'NotFound') return true;
    log.error(`${kind.kind} ${kind.name} is not kept: ${change.kind === 'refused' ? change.message : change.reason}`);
    return false;
  }
}

function isManaged(configuration: JsonObject): boolean {
  return asObject(asObject(configuration['metadata'])?.['labels'])?.[label] === 'landwaiter';
}

/** As the server keeps them, so that they can be compared; the bundle of authorities as it is, where ours is among it. */
function webhooksOf(
  base: JsonObject,
  existing: JsonObject | undefined,
  { caBundle, url }: WantedRegistration,
): readonly JsonObject[] {
  const there = asArray(existing?.['webhooks']).map(asObject);
  return asArray(base['webhooks']).map((item) => {
    const webhook = asObject(item) ?? {};
    const before = asObject(there.find((each) => each?.['name'] === webhook['name'])?.['clientConfig']);
    const { service, caBundle: _made } = asObject(webhook['clientConfig']) ?? {};
    const path = asString(asObject(service)?.['path']) ?? '';
    const bundle = bundleToKeep(asString(before?.['caBundle']), caBundle);
    return {
      objectSelector: {},
      ...webhook,
      clientConfig: {
        ...(url === undefined ? { service } : { url: `${url}${path}` }),
        ...(bundle === undefined ? {} : { caBundle: bundle }),
      },
    };
  });
}
