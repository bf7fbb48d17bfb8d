// SPDX-License-Identifier: Apache-2.0
// All policies that there are, in force or not, and whether one that generated something is gone. A policy that is refused is there: nothing follows from what nobody can read.
import type { JsonObject } from '../../../../formats/document.ts';
import { asArray, asObject } from '../../../../formats/document.ts';
import { keepingOf } from './generated-keeping.ts';
import type { GeneratedFrom } from './generated-marks.ts';
import { policyKeyOf } from './policy-intents.ts';

export interface PresentPolicies {
  /** Everything that is installed or lies in files. */
  readonly documents: readonly JsonObject[];
  /** Those whose present version is not in force. */
  readonly refused: readonly JsonObject[];
  /** Kinds that the server has. */
  readonly kinds: ReadonlySet<string>;
}

export class KnownPolicies {
  /** By kind and name. */
  readonly #documents = new Map<string, JsonObject>();
  readonly #refused = new Set<string>();
  /** As they were before they went. */
  readonly #before = new Map<string, JsonObject>();
  readonly #kinds: ReadonlySet<string>;

  /** `before`: what was known until now. */
  constructor({ documents, refused, kinds }: PresentPolicies, before?: KnownPolicies) {
    this.#kinds = kinds;
    for (const document of documents) this.#documents.set(policyKeyOf(document), document);
    for (const document of refused) this.#refused.add(policyKeyOf(document));
    for (const [key, document] of [...(before?.before ?? []), ...(before?.documents ?? [])])
      if (!this.#documents.has(key) && generates(document)) this.#before.set(key, document);
  }

  get documents(): ReadonlyMap<string, JsonObject> {
    return this.#documents;
  }

  get before(): ReadonlyMap<string, JsonObject> {
    return this.#before;
  }

  isRefused(key: string): boolean {
    return this.#refused.has(key);
  }

  isServed(kind: string): boolean {
    return this.#kinds.has(kind);
  }
}

/** `kept`: it is gone, or keeps nothing any more, and what it made stays. `unknown`: its present version cannot be read. */
export type PolicyLoss = 'none' | 'lost' | 'kept' | 'unknown';

/**
 * Kyverno (pkg/background/generate): what was made from data goes with the policy or the rule, unless `orphanDownstreamOnPolicyDelete` says otherwise; copies stay. A rule
 * that no longer says `synchronize` lets go of what it made.
 */
export function policyLoss(from: GeneratedFrom, policies: KnownPolicies): PolicyLoss {
  const key = `${from.policy.kind} ${from.policy.name}`;
  if (policies.isRefused(key)) return 'unknown';
  const document = policies.documents.get(key);
  if (document === undefined) {
    // Where the whole kind is gone nobody has taken this policy back: another program was uninstalled.
    if (!policies.isServed(from.policy.kind)) return 'unknown';
    const before = policies.before.get(key);
    const said = before === undefined ? undefined : keepingOf(before, from.rule);
    const { withoutPolicy } = said?.isKept === true ? said : from;
    return withoutPolicy === 'delete' ? 'lost' : 'kept';
  }
  const keeping = keepingOf(document, from.rule);
  if (keeping === undefined) return from.withoutPolicy === 'delete' ? 'lost' : 'kept';
  return keeping.isKept ? 'none' : 'kept';
}

function generates({ spec, kind }: JsonObject): boolean {
  if (kind === 'GeneratingPolicy' || kind === 'NamespacedGeneratingPolicy') return true;
  return asArray(asObject(spec)?.['rules']).some((rule) => asObject(rule)?.['generate'] !== undefined);
}
