// SPDX-License-Identifier: Apache-2.0
// PolicyException v2 and v2beta1: rules of policies that do not apply to some resources (Kyverno pkg/engine/exceptions.go).
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { matchesWildcard } from '../../formats/wildcard.ts';
import type { Conditions } from './conditions.ts';
import { compileConditions } from './conditions.ts';
import type { MatchTarget } from './match.ts';
import { compileMatch } from './match.ts';
import type { PodSecurityExclusion } from './validate-pod-security.ts';
import { podSecurityExclusions } from './validate-pod-security.ts';

export interface PolicyException {
  /** `namespace/name`. */
  readonly name: string;
  /** Policies by name, or `namespace/name` for those of a namespace, with the rules meant. */
  readonly entries: readonly { readonly policy: string; readonly rules: readonly string[] }[];
  readonly matches: (target: MatchTarget) => boolean;
  readonly conditions: Conditions;
  /** Controls of Pod Security that are excepted; none: the whole rule is. */
  readonly podSecurity: readonly PodSecurityExclusion[];
}

export type CompiledException =
  | { readonly kind: 'exception'; readonly exception: PolicyException }
  | { readonly kind: 'invalid'; readonly message: string; readonly path: DocumentPath };

export function isPolicyException(object: JsonObject): boolean {
  const apiVersion = asString(object['apiVersion']) ?? '';
  return object['kind'] === 'PolicyException' && apiVersion.startsWith('kyverno.io/');
}

export function compileException(object: JsonObject): CompiledException {
  const metadata = asObject(object['metadata']) ?? {};
  const spec = asObject(object['spec']) ?? {};
  const name = [asString(metadata['namespace']), asString(metadata['name'])]
    .filter((part) => part !== undefined)
    .join('/');
  const match = asObject(spec['match']);
  if (match === undefined) return { kind: 'invalid', message: 'match is required', path: ['spec'] };
  const conditions = compileConditions(spec['conditions'], 'fails');
  if (conditions.kind === 'invalid') return { ...conditions, path: ['spec', 'conditions'] };
  const podSecurity = podSecurityExclusions(spec['podSecurity']);
  if (typeof podSecurity === 'string') return { kind: 'invalid', message: podSecurity, path: ['spec', 'podSecurity'] };
  return {
    kind: 'exception',
    exception: {
      name,
      entries: asArray(spec['exceptions']).map((item) => {
        const entry = asObject(item) ?? {};
        return { policy: asString(entry['policyName']) ?? '', rules: asStrings(entry['ruleNames']) };
      }),
      matches: compileMatch(match, undefined),
      conditions: conditions.evaluate,
      podSecurity,
    },
  };
}

/** Whether an exception names a rule of a policy. */
export function namesRule({ entries }: PolicyException, policy: string, rule: string): boolean {
  return entries.some((entry) => entry.policy === policy && entry.rules.some((glob) => matchesWildcard(glob, rule)));
}
