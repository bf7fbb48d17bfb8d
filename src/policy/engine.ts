// SPDX-License-Identifier: Apache-2.0
// What a policy engine is: it takes the documents of its dialect, compiles them once, and judges requests. Command line, admission and background scan use
// all engines through this one interface (policy-set.ts). Pure: what a policy asks of the world comes from EngineData.

import type { DocumentPath, JsonObject } from '../formats/document.ts';
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { Severity } from '../model/severity.ts';
import type { AdmissionData } from './admission-policy/params.ts';
import type { AdmissionRequest } from './admission-policy/request.ts';
import type { DataProvider } from './data-provider.ts';
import type { JsonPatchOperation } from './patch/json-patch.ts';

/** A document of a policy file; formats/kubernetes-yaml/resources.ts gives such. */
export interface EngineDocument {
  readonly object: JsonObject;
  locate(path: DocumentPath): Location;
  locateValue(path: DocumentPath): Location;
}

export interface PolicyEngine {
  /** Unique: `admission-policy`, `pod-security`, `kyverno`. */
  readonly id: string;
  /** For people: `Kubernetes admission policies`. */
  readonly title: string;
  /** Whether a document is of its dialect, whatever its state. */
  accepts(document: EngineDocument): boolean;
  /** Never throws: a policy that cannot be compiled is left out, and a problem that hides findings says so. */
  compile(documents: readonly EngineDocument[], options: CompileOptions): CompiledEngine;
}

export interface CompileOptions {
  /** What a policy that nothing binds does: nothing, as in a cluster, or judge everything (command lines that are given a policy alone). */
  readonly unbound: 'ignore' | 'apply';
  /** `on`: decisions say why (`because`), where the engine can; evaluation then costs more. */
  readonly trace?: 'on' | 'off';
  /** Clock and chance for expressions that ask for them. Absent: such expressions fail. */
  readonly surroundings?: EngineSurroundings;
  /** Whether signatures by keys need an entry of a transparency log where a policy says nothing of it; `required` when absent. */
  readonly keyTransparencyLog?: 'required' | 'not-asked';
  /**
   * What to do where the peer that wrote a dialect lets more through than a policy seems to say. `parity` (when absent): as the peer does; `policy lint` names
   * such places. `strict`: they are closed, each by failing or by an error, never by passing; docs/kyverno.md lists them. Engines without such places ignore it.
   */
  readonly hardening?: 'parity' | 'strict';
  /**
   * Whether requests that no policy can tell from an earlier one are judged again by what passed it without a word (remembering/). Only judgements that ask for
   * breaches alone are remembered. All are judged anew when absent.
   */
  readonly remember?: 'passes';
  /** Namespaces whose exceptions count; `*`: all. When absent, with hardening `parity` all, with `strict` none: who may write one there switches policies off. */
  readonly exceptionNamespaces?: readonly string[];
}

export interface EngineSurroundings {
  /** Milliseconds since 1970. */
  now(): number;
  /** A whole number from 0 up to, and without, `below`. */
  random(below: number): number;
}

export interface CompiledEngine {
  readonly problems: readonly Problem[];
  /** What was compiled, for listings and for the registration of webhooks. */
  readonly policies: readonly CompiledPolicyFacts[];
  /**
   * What can be judged alone, in the order in which it is judged; one part when absent. Those that look at what others of the same request have said are not
   * `separable`.
   */
  readonly parts?: readonly EnginePart[];
  /** Judges one request that one of `policies` is interested in, by all parts or by those whose numbers are in `only`. Never throws. */
  judge(request: AdmissionRequest, data: EngineData, only?: ReadonlySet<number>): EngineOutcome;
}

export interface EnginePart {
  readonly separable: boolean;
}

export interface CompiledPolicyFacts {
  readonly name: string;
  readonly kind: string;
  readonly location: Location;
  /** Which requests it may say something about; empty: any. */
  readonly interests: readonly PolicyInterest[];
  /** Whether it changes objects. */
  readonly mutates: boolean;
  /** False: it changes objects and has nothing to say of what others made of them. True when absent. */
  readonly judges?: boolean;
}

/** `*` stands for any. */
export interface PolicyInterest {
  readonly groups: readonly string[];
  /** Plurals, with `/sub` for a subresource. */
  readonly resources: readonly string[];
  readonly operations: readonly string[];
}

/** Webhooks are asked twice: to change an object, and to judge what everybody has made of it. */
export type AdmissionPhase = 'mutate' | 'validate' | 'both';

export interface EngineData {
  /** What is asked for; `both` when absent. In `mutate` only what keeps an object from being changed is told. */
  readonly phase?: AdmissionPhase;
  /** `breaches`: decisions that pass or are skipped may be left out, for callers that refuse what fails and read nothing else. All when absent. */
  readonly tell?: 'breaches';
  /** `wanted`: objects that policies make are worked out too. */
  readonly writes?: 'wanted';
  /** Of callers without a cluster; engines whose dialect has no such values ignore them. */
  readonly values?: StatedValues;
  readonly cluster: AdmissionData;
  readonly provider: DataProvider;
}

/** Values that somebody stated in place of what nobody here can look up (values files of Kyverno's command line). */
export interface StatedValues {
  /** By dotted name (`request.operation`, `settings.data.team`); they go over what the request says. Undefined: none. */
  ofObject(policy: string, object: JsonObject): Readonly<Record<string, unknown>> | undefined;
  /** In place of the context of a rule. Undefined: none. */
  ofRule(policy: string, rule: string): Readonly<Record<string, unknown>> | undefined;
}

/** What follows when a rule is broken. */
export type PolicyEffect = 'deny' | 'warn' | 'audit';

export interface PolicyDecision {
  readonly policy: string;
  /** Within the policy; empty when it has only one. */
  readonly rule: string;
  readonly outcome: 'pass' | 'fail' | 'skip' | 'error';
  readonly effect: PolicyEffect;
  /** Why it failed or was skipped, in one sentence. */
  readonly message: string;
  /** Stated by the policy. */
  readonly severity?: Severity;
  /** Where in the policy it is decided. */
  readonly location?: Location;
  /** What in the object is at fault, as far as the engine knows. */
  readonly at?: DocumentPath;
  /** Of policies compiled with a trace: what decided, in the order in which it stands in the policy. */
  readonly because?: readonly Reason[];
  /** Exceptions (`namespace/name`) because of which the rule was skipped or passed. */
  readonly exceptions?: readonly string[];
  /** Smallest changes of the object that would make the rule pass, where the engine knows some. */
  readonly changes?: readonly ProposedChange[];
}

export interface Reason {
  /** A part of the policy: `object.spec.hostNetwork == true`. */
  readonly text: string;
  /** What it gave, as JSON, or the fault. */
  readonly value: string;
  /** Whether it decided, or is a value that what decided was computed from. */
  readonly role: 'decides' | 'input';
}

export interface ProposedChange {
  readonly op: 'set' | 'remove';
  readonly at: DocumentPath;
  readonly value?: unknown;
}

export interface EngineOutcome {
  readonly decisions: readonly PolicyDecision[];
  /** From the object of the request to the one that the policies make of it; empty when nothing was changed. */
  readonly patch: readonly JsonPatchOperation[];
  /** The changed object; absent when nothing was changed. */
  readonly object?: JsonObject;
  /** By `<policy>/<key>`, for the audit log. */
  readonly auditAnnotations?: Readonly<Record<string, string>>;
  /** Other objects as policies want them, which a caller may write: those they make, and those they change besides the request's. */
  readonly writes?: readonly PolicyWrite[];
}

export interface PolicyWrite {
  readonly policy: string;
  readonly rule: string;
  /** `make`: it ought to be there; `change`: it is there, and ought to be this. */
  readonly kind: 'make' | 'change';
  readonly object: JsonObject;
}

export const nothingToSay: EngineOutcome = { decisions: [], patch: [] };

export function definePolicyEngine(engine: PolicyEngine): PolicyEngine {
  return engine;
}

/** Annotation that names a severity: that of Kyverno's policies, or our own. */
export function statedSeverity(annotations: JsonObject | undefined): Severity | undefined {
  const word = annotations?.['landwaiter.dev/severity'] ?? annotations?.['policies.kyverno.io/severity'];
  switch (word) {
    case 'critical':
    case 'high':
    case 'medium':
    case 'low':
      return word;
    case 'info':
      return 'negligible';
    default:
      return undefined;
  }
}

/** Where a rule states none. */
export const severityOfEffect: Readonly<Record<PolicyEffect, Severity>> = {
  deny: 'high',
  warn: 'medium',
  audit: 'low',
};
