// SPDX-License-Identifier: Apache-2.0
// What scans have found, small: for each object how many rules passed, and which did not. A hundred thousand objects, a tenth of them with a breach, take about 40 MB.
import type { EngineDecision } from '../../../../policy/policy-set.ts';

export type ScanResult = 'pass' | 'fail' | 'warn' | 'error' | 'skip';

export type ScanSummary = Readonly<Record<ScanResult, number>>;

export interface ScannedObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Undefined: it has none. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: string;
}

/** Rules that some objects of a namespace break. */
export interface BrokenRule {
  readonly policy: string;
  readonly rule: string;
  readonly result: Exclude<ScanResult, 'pass' | 'skip'>;
  /** Of one of them. */
  readonly message: string;
  readonly objects: readonly ScannedObject[];
}

interface Breach {
  readonly policy: string;
  readonly rule: string;
  readonly result: BrokenRule['result'];
  readonly message: string;
}

interface Kept {
  readonly object: ScannedObject;
  readonly passed: number;
  readonly skipped: number;
  readonly breaches: readonly Breach[];
}

const longestMessage = 300;
const none: readonly Breach[] = [];

export class ScanResults {
  /** By namespace ('' for objects without one), then by key. */
  readonly #kept = new Map<string, Map<string, Kept>>();
  readonly #changed = new Set<string>();

  /** Namespaces ('' for objects without one) whose results are others than when this was last asked. */
  takeChanged(): readonly string[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  get namespaces(): readonly string[] {
    return [...this.#kept.keys()];
  }

  get objects(): number {
    let sum = 0;
    for (const own of this.#kept.values()) sum += own.size;
    return sum;
  }

  /** True when other rules are broken than before. */
  put(key: string, object: ScannedObject, decisions: readonly EngineDecision[]): boolean {
    const kept = keptOf(object, decisions);
    const namespace = object.namespace ?? '';
    const own = this.#kept.get(namespace) ?? new Map<string, Kept>();
    this.#kept.set(namespace, own);
    const before = own.get(key);
    own.set(key, kept);
    if (before !== undefined && isSame(before, kept)) return false;
    this.#changed.add(namespace);
    return before === undefined ? kept.breaches.length > 0 : !isSameBreaches(before.breaches, kept.breaches);
  }

  remove(key: string, namespace: string): void {
    const own = this.#kept.get(namespace);
    if (own?.delete(key) !== true) return;
    if (own.size === 0) this.#kept.delete(namespace);
    this.#changed.add(namespace);
  }

  /** All that `isThere` does not know. */
  retain(isThere: (key: string) => boolean): void {
    for (const [namespace, own] of this.#kept)
      for (const key of own.keys()) if (!isThere(key)) this.remove(key, namespace);
  }

  clear(): void {
    for (const namespace of this.#kept.keys()) this.#changed.add(namespace);
    this.#kept.clear();
  }

  /** Of one namespace, or of all. */
  summary(namespace?: string): ScanSummary {
    const sum = { pass: 0, fail: 0, warn: 0, error: 0, skip: 0 };
    const parts =
      namespace === undefined ? [...this.#kept.values()] : [this.#kept.get(namespace) ?? new Map<string, Kept>()];
    for (const own of parts)
      for (const { passed, skipped, breaches } of own.values()) {
        sum.pass += passed;
        sum.skip += skipped;
        for (const { result } of breaches) sum[result] += 1;
      }
    return sum;
  }

  /** Those that most objects break first. */
  broken(namespace: string): readonly BrokenRule[] {
    const rules = new Map<string, { readonly breach: Breach; readonly objects: ScannedObject[] }>();
    for (const { object, breaches } of this.#kept.get(namespace)?.values() ?? [])
      for (const breach of breaches) {
        const key = JSON.stringify([breach.policy, breach.rule, breach.result]);
        const known = rules.get(key);
        if (known === undefined) rules.set(key, { breach, objects: [object] });
        else known.objects.push(object);
      }
    return [...rules.values()]
      .map(({ breach, objects }) => ({ ...breach, objects }))
      .sort((a, b) => b.objects.length - a.objects.length || (a.policy + a.rule < b.policy + b.rule ? -1 : 1));
  }
}

function keptOf(object: ScannedObject, decisions: readonly EngineDecision[]): Kept {
  let [passed, skipped] = [0, 0];
  const breaches: Breach[] = [];
  for (const { policy, rule, outcome, effect, message } of decisions) {
    if (outcome === 'pass') passed += 1;
    else if (outcome === 'skip') skipped += 1;
    else {
      const result = outcome === 'error' ? 'error' : effect === 'warn' ? 'warn' : 'fail';
      breaches.push({ policy, rule, result, message: message.slice(0, longestMessage) });
    }
  }
  return { object, passed, skipped, breaches: breaches.length === 0 ? none : breaches };
}

function isSame(a: Kept, b: Kept): boolean {
  return a.passed === b.passed && a.skipped === b.skipped && isSameBreaches(a.breaches, b.breaches);
}

function isSameBreaches(a: readonly Breach[], b: readonly Breach[]): boolean {
  return a.length === b.length && (a.length === 0 || JSON.stringify(a) === JSON.stringify(b));
}
