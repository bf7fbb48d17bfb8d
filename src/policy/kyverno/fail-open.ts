// SPDX-License-Identifier: Apache-2.0
// Places where a policy or an exception lets more through than it seems to say, because Kyverno's engine does so and this one with it. Remarks for
// `policy lint`; what is judged differently with strict hardening stands in docs/kyverno.md.
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { hasWildcard } from '../../formats/wildcard.ts';
import { isImageValidatingPolicy } from './cel/image-validating-policy.ts';
import { isPolicyException } from './exceptions.ts';
import { checkImagePolicy } from './fail-open-image-policies.ts';
import { checkImages } from './fail-open-images.ts';
import { checkPattern } from './fail-open-patterns.ts';
import type { FailOpenRemark, Tell } from './fail-open-remark.ts';
import { takesFromObject } from './fail-open-remark.ts';
import type { FailureActions } from './failure-action.ts';
import { readFailureActions } from './failure-action.ts';
import { parseKindSelector } from './kind-selector.ts';
import { conditionOperator } from './operators/index.ts';
import { isKyvernoPolicy } from './policy.ts';
import type { FailureAction } from './rule.ts';

/** The remarks on one ClusterPolicy, Policy, ImageValidatingPolicy, NamespacedImageValidatingPolicy or PolicyException; none for other kinds. Never throws. */
export function failOpenRemarks(object: JsonObject): readonly FailOpenRemark[] {
  const remarks: FailOpenRemark[] = [];
  const tell: Tell = (code, path, message) => void remarks.push({ code, path, message });
  if (isPolicyException(object)) checkException(object, tell);
  if (isImageValidatingPolicy(object)) checkImagePolicy(object, tell);
  if (!isKyvernoPolicy(object)) return remarks;
  const spec = asObject(object['spec']) ?? {};
  checkSpec(spec, tell);
  for (const [index, rule] of asArray(spec['rules']).entries())
    checkRule(asObject(rule) ?? {}, ['spec', 'rules', index], { spec, tell });
  return remarks;
}

/** An exception counts wherever it lies, so whoever may write one in any namespace excepts objects of all (CVE-2024-48921). */
function checkException(exception: JsonObject, tell: Tell): void {
  const own = asString(asObject(exception['metadata'])?.['namespace']) ?? 'default';
  const namespaces = filtersOf(asObject(exception['spec'])?.['match']).map(({ resources }) =>
    asStrings(asObject(resources)?.['namespaces']),
  );
  if (namespaces.some((names) => names.length === 0 || names.some((name) => name !== own)))
    tell(
      'exception-of-any-namespace',
      ['metadata', 'namespace'],
      `an exception of the namespace ${own} excepts objects outside of it; say which namespaces may hold exceptions`,
    );
}

function checkSpec(spec: JsonObject, tell: Tell): void {
  const webhook = asObject(spec['webhookConfiguration']);
  if ((webhook?.['failurePolicy'] ?? spec['failurePolicy']) === 'Ignore')
    tell('errors-ignored', ['spec'], 'failurePolicy Ignore: what cannot be judged is let through');
  if (spec['admission'] === false)
    tell('no-admission', ['spec', 'admission'], 'admission: false: nothing is ever refused, only reported');
}

interface Scope {
  readonly spec: JsonObject;
  readonly tell: Tell;
}

function checkRule(rule: JsonObject, path: DocumentPath, { spec, tell }: Scope): void {
  const validate = asObject(rule['validate']);
  const judging = ['validate', 'verifyImages'].find((key) => rule[key] !== undefined);
  const { action, overrides } = readFailureActions(rule, spec, 'Cluster');
  if (judging !== undefined && action !== 'Enforce')
    tell(
      'audit-only',
      [...path, judging],
      'failureAction is Audit, the default: breaches are reported and let through',
    );
  else if (judging !== undefined && overrides.some((override) => override.action === 'Audit' && isAboutAll(override)))
    tell('audit-only', [...path, judging], 'an override to Audit that names no namespaces is about all of them');
  if (validate !== undefined) checkValidate(validate, [...path, 'validate'], { action, tell });
  if (validate !== undefined || rule['verifyImages'] !== undefined)
    checkConditions(rule['preconditions'], [...path, 'preconditions'], { what: 'precondition', tell });
  checkMatch(rule, path, tell);
  checkExclude(rule, path, tell);
  checkContext(rule['context'], [...path, 'context'], tell);
  if (/\{\{(?:[^{}]|\{[^{])*\{\{[^{}]*(?:request\.(?:object|oldObject)|element)/.test(JSON.stringify(rule)))
    tell('expression-of-the-object', path, 'a value of the object becomes part of an expression, and can change it');
  for (const [index, item] of asArray(rule['verifyImages']).entries())
    checkImages(asObject(item) ?? {}, [...path, 'verifyImages', index], tell);
}

function isAboutAll({ namespaces, selector }: FailureActions['overrides'][number]): boolean {
  return selector === undefined && (namespaces.length === 0 || namespaces.includes('*'));
}

function checkValidate(
  validate: JsonObject,
  path: DocumentPath,
  { action, tell }: { readonly action: FailureAction; readonly tell: Tell },
): void {
  const isOfResources = ['pattern', 'anyPattern', 'deny', 'foreach'].some((key) => validate[key] !== undefined);
  if (action === 'Enforce' && isOfResources && validate['allowExistingViolations'] !== false)
    tell(
      'existing-violations',
      path,
      'an object that is in breach already may be changed to a worse breach; allowExistingViolations: false closes this',
    );
  if (validate['manifests'] !== undefined)
    tell(
      'signed-fields-passed-over',
      [...path, 'manifests'],
      'some fields need not be as they were signed: namespace, serviceAccount, volumeMounts, type of a Service and others',
    );
  checkBlock(validate, path, tell);
  if (hasForeignVariables(validate))
    tell(
      'variables-evaluated-again',
      path,
      "values of the object that hold {{ }} are evaluated again; write {{- }} where the value is the object's",
    );
}

/** What a validate block and an entry of its loops have in common. */
function checkBlock(block: JsonObject, path: DocumentPath, tell: Tell): void {
  const conditions = asObject(block['deny'])?.['conditions'];
  checkConditions(conditions, [...path, 'deny', 'conditions'], { what: 'deny condition', tell });
  checkPattern(block['pattern'], [...path, 'pattern'], tell);
  for (const [index, pattern] of asArray(block['anyPattern']).entries())
    checkPattern(pattern, [...path, 'anyPattern', index], tell);
  checkLoops(block['foreach'], [...path, 'foreach'], tell);
}

function checkLoops(value: unknown, path: DocumentPath, tell: Tell): void {
  for (const [index, item] of asArray(value).entries()) {
    const loop = asObject(item) ?? {};
    const at = [...path, index];
    const list = asString(loop['list']) ?? '';
    if (!list.includes('||'))
      tell('loop-passed-over', [...at, 'list'], `where ${list} is not there the loop is passed over in silence`);
    if (loop['preconditions'] !== undefined)
      tell(
        'element-passed-over',
        [...at, 'preconditions'],
        'an element whose preconditions cannot be evaluated is passed over, unless it is the last',
      );
    checkConditions(loop['preconditions'], [...at, 'preconditions'], { what: 'precondition', tell });
    checkContext(loop['context'], [...at, 'context'], tell);
    checkBlock(loop, at, tell);
  }
}

const memberships: ReadonlySet<string> = new Set(['In', 'AnyIn', 'AllIn', 'NotIn', 'AnyNotIn', 'AllNotIn']);
const refusals: ReadonlySet<string> = new Set(['NotIn', 'AnyNotIn', 'AllNotIn']);

interface ConditionScope {
  readonly what: 'precondition' | 'deny condition';
  readonly tell: Tell;
}

function checkConditions(value: unknown, path: DocumentPath, scope: ConditionScope): void {
  for (const block of Array.isArray(value) ? value : [value]) {
    const object = asObject(block) ?? {};
    if (Array.isArray(object['any']) && object['any'].length === 0)
      scope.tell('any-of-nothing', path, `any: [] never holds, so this ${scope.what} says nothing at all`);
    const conditions = [
      ...asArray(object['any']),
      ...asArray(object['all']),
      ...(object['key'] === undefined ? [] : [object]),
    ];
    for (const condition of conditions) checkCondition(asObject(condition) ?? {}, path, scope);
  }
}

function checkCondition(
  { key, operator: written, value }: JsonObject,
  path: DocumentPath,
  { what, tell }: ConditionScope,
): void {
  const operator = conditionOperator(asString(written) ?? '')?.name ?? '';
  const text = asString(key) ?? '';
  if (memberships.has(operator) && takesFromObject(text) && (what === 'precondition' || refusals.has(operator)))
    tell(
      'wildcards-of-the-object',
      path,
      `${operator} also matches wildcards written in the object: a value "*" there is in every list (${text})`,
    );
  const isNegative = operator === 'NotEquals' || operator === 'NotEqual' || refusals.has(operator);
  if (isNegative && /\|\|\s*(?:null|`null`)\s*\}\}/.test(text))
    tell(
      'null-is-neither',
      path,
      `${operator} never holds for null, so this ${what} says nothing where ${text} is missing`,
    );
  if (operator === 'Equals' && value === null)
    tell('null-is-neither', path, `${operator} never holds for null (${text})`);
}

function checkContext(value: unknown, path: DocumentPath, tell: Tell): void {
  for (const [index, item] of asArray(value).entries()) {
    const call = asObject(asObject(item)?.['apiCall']);
    if (call?.['default'] !== undefined)
      tell('default-on-error', [...path, index], 'the default also counts where the call fails for whatever reason');
  }
}

/** The filters of a match or exclude block, whichever way it is written. */
function filtersOf(block: unknown): readonly JsonObject[] {
  const object = asObject(block) ?? {};
  const listed = [...asArray(object['any']), ...asArray(object['all'])];
  return (listed.length === 0 ? [object] : listed).map((item) => asObject(item) ?? {});
}

function checkMatch(rule: JsonObject, path: DocumentPath, tell: Tell): void {
  const at = [...path, 'match'];
  for (const filter of filtersOf(rule['match'])) {
    const resources = asObject(filter['resources']) ?? {};
    for (const text of asStrings(resources['kinds'])) {
      const { kind } = parseKindSelector(text);
      if (/^[a-z]/.test(kind) && !hasWildcard(kind))
        tell('kind-in-other-case', at, `${text} matches nothing: kinds are compared letter by letter`);
    }
    if (resources['selector'] !== undefined || resources['annotations'] !== undefined)
      tell(
        'matched-by-own-label',
        at,
        'who writes the object leaves out the label or annotation that the rule asks for',
      );
    const validate = asObject(rule['validate']) ?? {};
    const isSilent = ['pattern', 'anyPattern', 'cel'].some((key) => validate[key] !== undefined);
    if (isSilent && asStrings(resources['operations']).includes('DELETE'))
      tell('delete-not-judged', at, 'patterns and CEL say nothing of deletions, which this rule names; use deny');
  }
}

function checkExclude(rule: JsonObject, path: DocumentPath, tell: Tell): void {
  if (rule['exclude'] === undefined) return;
  const filters = filtersOf(rule['exclude']).map((filter) => asObject(filter['resources']) ?? {});
  const at = [...path, 'exclude'];
  if (filters.some((resources) => resources['selector'] !== undefined || resources['annotations'] !== undefined))
    tell('excluded-by-own-label', at, 'who writes the object writes the label or annotation that excludes it');
  const isByName = (resources: JsonObject): boolean =>
    (resources['name'] !== undefined || resources['names'] !== undefined) && resources['namespaces'] === undefined;
  if (filters.some(isByName))
    tell('excluded-by-own-name', at, 'who writes the object chooses the name that excludes it, in any namespace');
}

function hasForeignVariables(value: unknown): boolean {
  const text = JSON.stringify(value);
  return /\{\{[^-][^{}]*request\.object(?!\.metadata\.(?:name|namespace)\b)/.test(text);
}
