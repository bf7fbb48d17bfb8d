// SPDX-License-Identifier: Apache-2.0
// What installed policies say of the background: whether they are for scans at all, and what they write for objects that were there before them.
import type { JsonObject } from '../../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../../formats/document.ts';
import type { PolicyWrite } from '../../../../policy/engine.ts';
import { keepingOf } from './generated-keeping.ts';

/** Kyverno: `spec.background`; kinds in CEL: `spec.evaluation.background.enabled`. */
export function isForScans({ spec }: JsonObject): boolean {
  const own = asObject(spec);
  return own?.['background'] !== false && isOn(own, 'background', true);
}

export interface WriteIntent {
  /** Objects that are older than the policy are reasons to write as well. */
  readonly forExisting: boolean;
  /** What was made is kept as the policy says; otherwise it is made once. */
  readonly isKept: boolean;
  /** What was itself written in the background is a reason to write as well (`skipBackgroundRequests: false`): two such rules may go on for ever. */
  readonly afterOwn: boolean;
  /** Milliseconds since 1970; undefined where nobody knows. */
  readonly since: number | undefined;
  /** Kind of the policy; undefined where nobody knows it. */
  readonly policyKind: string | undefined;
  /** What becomes of what was made when the policy goes. */
  readonly withoutPolicy: 'delete' | 'keep';
}

/** Of the rule that wants something written. `documents`: those of the set that judged. */
export function intentOf(write: PolicyWrite, documents: ReadonlyMap<string, JsonObject>): WriteIntent {
  const document = documents.get(write.policy);
  const spec = asObject(document?.['spec']);
  const rule = asArray(spec?.['rules'])
    .map(asObject)
    .find((each) => each?.['name'] === write.rule);
  const created = Date.parse(asString(asObject(document?.['metadata'])?.['creationTimestamp']) ?? '');
  const since = Number.isNaN(created) ? undefined : created;
  const policyKind = asString(document?.['kind']);
  const withoutPolicy = document === undefined ? undefined : keepingOf(document, write.rule)?.withoutPolicy;
  const shared = { policyKind, withoutPolicy: withoutPolicy ?? ('keep' as const) };
  const afterOwn = rule?.['skipBackgroundRequests'] === false;
  if (write.kind === 'change') {
    const stated =
      asObject(rule?.['mutate'])?.['mutateExistingOnPolicyUpdate'] ?? spec?.['mutateExistingOnPolicyUpdate'];
    return {
      forExisting: stated === true || isOn(spec, 'mutateExisting', false),
      isKept: true,
      afterOwn,
      since,
      ...shared,
    };
  }
  const generate = asObject(rule?.['generate']);
  const existing = generate?.['generateExisting'] ?? spec?.['generateExisting'];
  return {
    forExisting: existing === true || isOn(spec, 'generateExisting', false),
    isKept: generate?.['synchronize'] === true || isOn(spec, 'synchronize', false),
    afterOwn,
    since,
    ...shared,
  };
}

/** Those that may write, by the names that decisions call them: exceptions and other policies may have the same names. */
export function byPolicyName(documents: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  const writing = documents.filter(({ kind }) =>
    /^(?:(?:Cluster)?|(?:Namespaced)?(?:Generating|Mutating))Policy$/.test(String(kind)),
  );
  return new Map(writing.map((document) => [policyNameOf(document), document]));
}

/** Its kind, and its name as decisions call it. */
export function policyKeyOf(document: JsonObject): string {
  return `${String(document['kind'])} ${policyNameOf(document)}`;
}

/** As decisions call it: with its namespace before it where its kind has one. */
export function policyNameOf(document: JsonObject): string {
  const metadata = asObject(document['metadata']);
  const kind = asString(document['kind']) ?? '';
  const name = asString(metadata?.['name']) ?? '';
  const isNamespaced = kind === 'Policy' || kind.startsWith('Namespaced');
  return isNamespaced ? `${asString(metadata?.['namespace']) ?? 'default'}/${name}` : name;
}

function isOn(spec: JsonObject | undefined, member: string, usual: boolean): boolean {
  const enabled = asObject(asObject(spec?.['evaluation'])?.[member])?.['enabled'];
  return typeof enabled === 'boolean' ? enabled : usual;
}
