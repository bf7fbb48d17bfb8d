// SPDX-License-Identifier: Apache-2.0
// Secrets that were made here, remembered by their places: an account that may read them by name only can list none, so that this is all that is known of them. What was made
// before this program led is known again once its trigger has been judged.
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject, asString } from '../../../../formats/document.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import type { GeneratedFrom, ObjectPlace } from './generated-marks.ts';
import { placeOf, policyLabel } from './generated-marks.ts';
import { describePlace } from './object-absence.ts';

interface MadeSecret {
  readonly place: ObjectPlace;
  readonly from: GeneratedFrom;
  /** Empty: it has not been looked at yet. */
  uid: string;
}

export interface SecretQuestions {
  readonly kind: KubeResource;
  /** Why it is to go; undefined: it stays. */
  readonly lossOf: (from: GeneratedFrom, uid: string) => Promise<string | undefined>;
  /** One could not be asked for. */
  readonly failed: (why: string) => void;
}

const most = 20_000;

export class GeneratedSecrets {
  readonly #made = new Map<string, MadeSecret>();

  /** It is about to be made, or is there already. The oldest of too many goes, and stays in the cluster. */
  note(object: JsonObject, from: GeneratedFrom): void {
    const place = placeOf(object);
    const key = describePlace(place);
    const uid = this.#made.get(key)?.uid ?? '';
    this.#made.delete(key);
    const [oldest] = this.#made.keys();
    if (this.#made.size >= most && oldest !== undefined) this.#made.delete(oldest);
    this.#made.set(key, { place, from, uid });
  }

  /** For whom each was made. */
  *all(): Iterable<GeneratedFrom> {
    for (const { from } of this.#made.values()) yield from;
  }

  clear(): void {
    this.#made.clear();
  }

  /** Those that seem to have lost what they were made for, as they are now and without their values. Others are not read. */
  async *lost(client: KubeClient, { kind, lossOf, failed }: SecretQuestions): AsyncIterable<JsonObject> {
    const before = [...this.#made.values()];
    for (const made of before) {
      if ((await lossOf(made.from, made.uid)) === undefined) continue;
      const { namespace, name } = made.place;
      const found = await client.get(kind, name, { namespace });
      if (found.kind === 'unknown') failed(found.reason);
      else if (found.kind === 'none') this.#forget(made);
      else {
        const metadata = asObject(found.value['metadata']);
        made.uid = asString(metadata?.['uid']) ?? '';
        // What was there before is nobody's.
        if (asObject(metadata?.['labels'])?.[policyLabel] === undefined) this.#forget(made);
        else yield { apiVersion: kind.apiVersion, kind: kind.kind, metadata: metadata ?? {} };
      }
    }
  }

  /** Unless it has been made again meanwhile. */
  #forget(made: MadeSecret): void {
    const key = describePlace(made.place);
    if (this.#made.get(key) === made) this.#made.delete(key);
  }
}

/** Of the core group. */
export function isSecret({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): boolean {
  return apiVersion === 'v1' && kind === 'Secret';
}
