// SPDX-License-Identifier: Apache-2.0
// What the parts of the engine share: the outcome of a rule, the request it is judged in, and what a compiled rule is.
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import type { AuthorizationAnswer, AuthorizationQuestion } from '../cel/library/authorizer.ts';
import type { DataProvider } from '../data-provider.ts';
import type { JmespathFault } from '../jmespath/fault.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import type { MatchTarget } from './match.ts';
import type { Queries } from './queries.ts';
import type { PodSecurityExclusion } from './validate-pod-security.ts';

export type RuleStatus = 'pass' | 'fail' | 'skip' | 'error' | 'warn';
export type RuleType = 'validate' | 'mutate' | 'generate' | 'verifyImages';

export interface RuleOutcome {
  readonly rule: string;
  readonly type: RuleType;
  readonly status: RuleStatus;
  readonly message: string;
  /** What in the object breaks it, where that is one place. */
  readonly at?: DocumentPath;
  /** Exceptions that made the rule be skipped, `namespace/name`. */
  readonly exceptions?: readonly string[];
  /** Of a mutate rule that applied: the object after it. */
  readonly patched?: JsonObject;
  /** Of a mutate rule with targets: those objects after it, to be written in the background. */
  readonly targets?: readonly JsonObject[];
  /** Of a generate rule: the objects that ought to be there, to be written in the background. */
  readonly generated?: readonly JsonObject[];
  /** What the rule came to is told by a later stage of it. */
  readonly isUntold?: true;
  /** For the audit log, by key. */
  readonly auditAnnotations?: Readonly<Record<string, string>>;
  /** Of a rule that has more to say of other parts of the object. */
  readonly further?: readonly RuleOutcome[];
}

/** A request as rules see it. On DELETE there is no object, only the old one. */
export interface RuleRequest {
  readonly operation: string;
  readonly object: JsonObject | undefined;
  readonly oldObject: JsonObject | undefined;
  readonly target: MatchTarget;
  readonly namespace: JsonObject | undefined;
  /** Whether the requester, or a service account, may do something. Absent: nobody here can say. */
  readonly authorize?: ((question: AuthorizationQuestion) => AuthorizationAnswer) | undefined;
}

export interface RuleEvaluation {
  readonly request: RuleRequest;
  /** The context with the rule's own entries. */
  readonly context: EvaluationContext;
  readonly data: DataProvider;
  readonly queries: Queries;
  readonly stage?: ImageStage;
  /** Controls of Pod Security that exceptions leave out, for rules that ask for such. */
  readonly exceptedControls?: readonly PodSecurityExclusion[];
}

/** For rules that verify images: while the object is changed (`pin`), when everybody has changed it (`judge`); both at once when absent. */
export type ImageStage = 'pin' | 'judge';

/** What a rule says of a request it is about; undefined: it has nothing to say. */
export type RuleBody = (evaluation: RuleEvaluation) => RuleOutcome | undefined;

/** True: `run` would pass, or say nothing. False: ask `run`. */
export type SurePass = (request: RuleRequest) => boolean;

export type CompiledBody =
  | { readonly kind: 'body'; readonly run: RuleBody; readonly surelyPasses?: SurePass | undefined }
  | { readonly kind: 'invalid'; readonly message: string };

export type FailureAction = 'Enforce' | 'Audit';

/** What could not be evaluated; what strict hardening does not let be evaluated breaks the rule, whatever is said of errors. */
export function faulted(rule: string, { code }: JmespathFault, message: string): RuleOutcome {
  return outcome(rule, code === 'refused' ? 'fail' : 'error', message);
}

export function outcome(rule: string, status: RuleStatus, message: string): RuleOutcome {
  return { rule, type: 'validate', status, message };
}
