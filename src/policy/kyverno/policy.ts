// SPDX-License-Identifier: Apache-2.0
// ClusterPolicy and Policy, read strictly and compiled once (kyverno.io/v1 and v2beta1). A policy that cannot be compiled as a whole is refused with
// all its problems; nothing of it is skipped in silence. Defaults are those of the CRD.
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import { computeRules } from './autogen.ts';
import type { Conditions } from './conditions.ts';
import { compileConditions } from './conditions.ts';
import { contextFaults } from './context-entries.ts';
import type { FailureActions } from './failure-action.ts';
import { readFailureActions } from './failure-action.ts';
import { compileGeneration } from './generate-rule.ts';
import type { Hardening } from './hardening.ts';
import type { ResourceKind } from './kind-selector.ts';
import { compileManifests } from './manifests/rule.ts';
import type { MatchTarget } from './match.ts';
import { compileKindMatch, compileMatch } from './match.ts';
import { compileMutation } from './mutate-rule.ts';
import { specShape } from './policy-shape.ts';
import type { Queries } from './queries.ts';
import type { RuleBody, RuleType, SurePass } from './rule.ts';
import { checkShape } from './shape.ts';
import { variablesIn } from './substitute.ts';
import { compileCelValidation } from './validate-cel.ts';
import { compilePodSecurity } from './validate-pod-security.ts';
import { compileValidation } from './validate-rule.ts';
import type { RuleScope } from './verify-images/rule.ts';
import { compileImageRule } from './verify-images/rule.ts';

/** What compile reads of a document: formats/kubernetes-yaml gives such. */
export interface PolicySource {
  readonly object: JsonObject;
  locateValue(path: DocumentPath): Location;
}

export interface CompiledRule {
  readonly name: string;
  readonly type: RuleType;
  readonly matches: (target: MatchTarget) => boolean;
  /** What `matches` says of the kind alone; no is final. */
  readonly mayConcern: (kind: ResourceKind) => boolean;
  readonly context: unknown;
  readonly preconditions: Conditions;
  readonly run: RuleBody;
  /** Of rules without context and preconditions: true where the outcome is nothing that anybody need be told. */
  readonly surelyPasses: SurePass | undefined;
  readonly failureActions: FailureActions;
  readonly allowsExistingViolations: boolean;
  /** The rule as computed, for rule types that are compiled elsewhere. */
  readonly source: JsonObject;
}

export interface CompiledPolicy {
  readonly kind: 'ClusterPolicy' | 'Policy';
  readonly name: string;
  /** Empty for a ClusterPolicy. */
  readonly namespace: string;
  readonly annotations: JsonObject;
  readonly appliesOne: boolean;
  readonly background: boolean;
  readonly admission: boolean;
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly emitsWarnings: boolean;
  readonly hardening: Hardening;
  readonly rules: readonly CompiledRule[];
  readonly object: JsonObject;
}

export interface PolicyReading {
  readonly policy: CompiledPolicy | undefined;
  readonly problems: readonly Problem[];
}

/** `policy.kyverno.io/v1` is a common slip for `kyverno.io/v1`. */
const slip = 'policy.kyverno.io/v1';
const versions: readonly string[] = ['kyverno.io/v1', 'kyverno.io/v2beta1', slip];

export function isKyvernoPolicy(object: JsonObject): boolean {
  const { kind } = object;
  return (kind === 'ClusterPolicy' || kind === 'Policy') && versions.includes(asString(object['apiVersion']) ?? '');
}

/** Reads one policy. Never throws. */
export function compilePolicy(
  source: PolicySource,
  queries: Queries,
  settings: PolicySettings = defaultSettings,
): PolicyReading {
  return new PolicyCompiler(source, queries, settings).compile();
}

/** What whoever runs the engine decides for all policies. */
export interface PolicySettings {
  /** Whether a signature by a key needs an entry of a transparency log where the policy says nothing of it. */
  readonly keyTransparencyLog: 'required' | 'not-asked';
  readonly hardening: Hardening;
  /** Namespaces whose exceptions count. All when absent. */
  readonly exceptionNamespaces?: readonly string[] | undefined;
}

/** Matches Kyverno, which takes rules without `rekor` for rules that ask for an entry of the public log. */
const defaultSettings: PolicySettings = { keyTransparencyLog: 'required', hardening: 'parity' };

/** Of one policy, over the setting: `true` or `false`. */
const logAnnotation = 'landwaiter.dev/require-transparency-log';

function failurePolicyOf(spec: JsonObject): 'Fail' | 'Ignore' {
  const word = asObject(spec['webhookConfiguration'])?.['failurePolicy'] ?? spec['failurePolicy'];
  return word === 'Ignore' ? 'Ignore' : 'Fail';
}

/** Fields that v1 has and v2beta1 has not. */
const olderImageFields = ['image', 'key', 'roots', 'subject', 'issuer', 'annotations', 'additionalExtensions'] as const;

interface UsableBody {
  readonly run: RuleBody;
  readonly surelyPasses?: SurePass | undefined;
}

class PolicyCompiler {
  readonly #source: PolicySource;
  readonly #queries: Queries;
  readonly #problems: Problem[] = [];
  readonly #name: string;
  readonly #settings: PolicySettings;

  constructor(source: PolicySource, queries: Queries, settings: PolicySettings) {
    this.#settings = settings;
    this.#source = source;
    this.#queries = queries;
    this.#name = asString(asObject(source.object['metadata'])?.['name']) ?? '';
  }

  compile(): PolicyReading {
    const { object } = this.#source;
    const metadata = asObject(object['metadata']) ?? {};
    const spec = asObject(object['spec']) ?? {};
    if (object['apiVersion'] === slip)
      this.#warn(`apiVersion ${slip} does not exist; read as kyverno.io/v1`, ['apiVersion']);
    for (const { path, message } of checkShape(spec, specShape, ['spec'])) this.#refuse(message, path);
    const rules = asArray(spec['rules']);
    if (rules.length === 0) this.#refuse('spec.rules must not be empty', ['spec']);
    this.#checkExpressions(spec, ['spec']);
    const isNamespaced = object['kind'] === 'Policy';
    const compiled = this.#problems.some(({ hidesFindings }) => hidesFindings)
      ? []
      : computeRules(object).map((rule, index) => this.#rule(rule, spec, Math.min(index, rules.length - 1)));
    if (this.#problems.some(({ hidesFindings }) => hidesFindings))
      return { policy: undefined, problems: this.#problems };
    const policy: CompiledPolicy = {
      kind: isNamespaced ? 'Policy' : 'ClusterPolicy',
      name: this.#name,
      namespace: isNamespaced ? (asString(metadata['namespace']) ?? 'default') : '',
      annotations: asObject(metadata['annotations']) ?? {},
      appliesOne: spec['applyRules'] === 'One',
      background: spec['background'] !== false,
      admission: spec['admission'] !== false,
      failurePolicy: failurePolicyOf(spec),
      emitsWarnings: spec['emitWarning'] === true,
      hardening: this.#settings.hardening,
      rules: compiled.filter((rule) => rule !== undefined),
      object,
    };
    return { policy, problems: this.#problems };
  }

  #problem(message: string, path: DocumentPath, hidesFindings: boolean): void {
    const location = this.#source.locateValue(path);
    const kind = asString(this.#source.object['kind']) ?? 'policy';
    const text = `${kind} ${this.#name}: ${path.join('.')}: ${message}`;
    // Rules made for controllers have the faults of the rule that they are made from.
    if (this.#problems.some((problem) => problem.message === text)) return;
    this.#problems.push({ kind: 'schema', message: text, location, hidesFindings });
  }

  #refuse(message: string, path: DocumentPath): undefined {
    this.#problem(message, path, true);
    return undefined;
  }

  #warn(message: string, path: DocumentPath): void {
    this.#problem(message, path, false);
  }

  /** Expressions that hold no other variables must compile. */
  #checkExpressions(value: unknown, path: DocumentPath): void {
    if (typeof value === 'string') {
      for (const { expression } of variablesIn(value)) {
        if (expression === '' || expression === '@') continue;
        const compiled = this.#queries.compile(expression);
        if (compiled instanceof JmespathFault) this.#refuse(`{{ ${expression} }}: ${compiled.message}`, path);
      }
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.#checkExpressions(item, [...path, index]);
    } else
      for (const [key, item] of Object.entries(asObject(value) ?? {})) {
        this.#checkExpressions(key, path);
        this.#checkExpressions(item, [...path, key]);
      }
  }

  #rule(rule: JsonObject, spec: JsonObject, index: number): CompiledRule | undefined {
    const path = ['spec', 'rules', index];
    const name = asString(rule['name']) ?? '';
    const types = (['validate', 'mutate', 'generate', 'verifyImages'] as const).filter(
      (type) => rule[type] !== undefined,
    );
    const [type] = types;
    if (type === undefined || types.length > 1)
      return this.#refuse('a rule needs exactly one of validate, mutate, generate and verifyImages', path);
    for (const message of contextFaults(rule['context'])) this.#refuse(message, [...path, 'context']);
    // A rule that refuses something should rather apply than not.
    const preconditions = compileConditions(
      rule['preconditions'],
      type === 'validate' || type === 'verifyImages' ? 'holds' : undefined,
    );
    if (preconditions.kind === 'invalid') return this.#refuse(preconditions.message, [...path, 'preconditions']);
    const body = type === 'verifyImages' ? this.#imageBody(rule, spec, path) : this.#body(type, rule, path);
    if (body === undefined) return undefined;
    const validate = asObject(rule['validate']);
    const scope = this.#source.object['kind'] === 'Policy' ? 'Namespaced' : 'Cluster';
    const { hardening } = this.#settings;
    return {
      name,
      type,
      matches: compileMatch(asObject(rule['match']), asObject(rule['exclude']), hardening),
      mayConcern: compileKindMatch(asObject(rule['match']), hardening),
      context: rule['context'],
      preconditions: preconditions.evaluate,
      run: body.run,
      surelyPasses:
        rule['context'] === undefined && rule['preconditions'] === undefined ? body.surelyPasses : undefined,
      failureActions: readFailureActions(rule, spec, scope),
      allowsExistingViolations: validate?.['allowExistingViolations'] !== false,
      source: rule,
    };
  }

  #imageBody(rule: JsonObject, spec: JsonObject, path: DocumentPath): UsableBody | undefined {
    const { object } = this.#source;
    const isNamespaced = object['kind'] === 'Policy';
    const compiled = compileImageRule(rule, asString(rule['name']) ?? '', this.#signers('images'));
    for (const { path: at, message } of compiled.remarks) this.#warn(message, [...path, ...at]);
    for (const { path: at, message } of compiled.faults) this.#refuse(message, [...path, ...at]);
    const { action } = readFailureActions(rule, spec, isNamespaced ? 'Namespaced' : 'Cluster');
    const isChanging = asArray(rule['verifyImages']).some((entry) => asObject(entry)?.['mutateDigest'] !== false);
    // Matches Kyverno: what is only reported must not change objects.
    if (action === 'Audit' && isChanging)
      this.#refuse('mutateDigest must be false where the failure action is Audit', [...path, 'verifyImages']);
    if (object['apiVersion'] === 'kyverno.io/v2beta1') this.#refuseOlderFields(rule, path);
    return compiled.run === undefined ? undefined : { run: compiled.run };
  }

  #refuseOlderFields(rule: JsonObject, path: DocumentPath): void {
    for (const [index, entry] of asArray(rule['verifyImages']).entries())
      for (const name of olderImageFields)
        if (asObject(entry)?.[name] !== undefined)
          this.#refuse(`unknown field "${name}"`, [...path, 'verifyImages', index, name]);
  }

  /** How attestors are read. Signatures of manifests by keys and certificates are in no log unless somebody says so: matches Kyverno. */
  #signers(what: 'images' | 'manifests'): RuleScope {
    const { object } = this.#source;
    const namespace = asString(asObject(object['metadata'])?.['namespace']) ?? 'default';
    const unstated = what === 'images' ? this.#settings.keyTransparencyLog : 'not-asked';
    const keyLog = this.#keyLog(unstated);
    return {
      keyLog,
      ...(what === 'images' ? {} : { certificateLog: keyLog }),
      namespace: object['kind'] === 'Policy' ? namespace : undefined,
      hardening: this.#settings.hardening,
    };
  }

  #keyLog(unstated: PolicySettings['keyTransparencyLog']): PolicySettings['keyTransparencyLog'] {
    const { object } = this.#source;
    const written = asObject(asObject(object['metadata'])?.['annotations'])?.[logAnnotation];
    if (written === undefined) return unstated;
    if (written !== 'true' && written !== 'false')
      this.#refuse('must be "true" or "false"', ['metadata', 'annotations', logAnnotation]);
    return written === 'false' ? 'not-asked' : 'required';
  }

  #body(type: RuleType, rule: JsonObject, path: DocumentPath): UsableBody | undefined {
    if (type === 'mutate') {
      const mutation = compileMutation(asObject(rule['mutate']) ?? {}, asString(rule['name']) ?? '');
      return mutation.kind === 'body' ? mutation : this.#refuse(mutation.message, [...path, type]);
    }
    if (type === 'generate') {
      const generation = compileGeneration(asObject(rule['generate']) ?? {}, asString(rule['name']) ?? '');
      return generation.kind === 'body' ? generation : this.#refuse(generation.message, [...path, type]);
    }
    const validate = asObject(rule['validate']) ?? {};
    const source = { rule: asString(rule['name']) ?? '', message: asString(validate['message']) ?? '' };
    const podSecurity = asObject(validate['podSecurity']);
    const cel = asObject(validate['cel']);
    const { hardening } = this.#settings;
    const deletions = hardening === 'strict' && namesDeletions(asObject(rule['match'])) ? 'judged' : 'not-judged';
    const manifests = asObject(validate['manifests']);
    const body =
      manifests !== undefined
        ? compileManifests(manifests, source, this.#signers('manifests'))
        : podSecurity !== undefined
          ? compilePodSecurity(podSecurity, source)
          : cel !== undefined
            ? compileCelValidation({ ...source, cel, preconditions: rule['celPreconditions'], deletions })
            : compileValidation(validate, source, { hardening, deletions });
    return body.kind === 'body' ? body : this.#refuse(body.message, [...path, type]);
  }
}

/** Whether a rule says in so many words that it is about deletions. */
function namesDeletions(match: JsonObject | undefined): boolean {
  return [match, ...asArray(match?.['any']), ...asArray(match?.['all'])].some((filter) =>
    asArray(asObject(asObject(filter)?.['resources'])?.['operations']).includes('DELETE'),
  );
}
