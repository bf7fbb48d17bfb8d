// SPDX-License-Identifier: Apache-2.0
// Places where a ClusterPolicy lets more through than it seems to say, because Kyverno's engine does so and this one with it. Remarks for `policy lint`;
// nothing is judged differently for them.
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, entriesOf } from '../../formats/document.ts';
import { hasWildcard } from '../../formats/wildcard.ts';
import { bareKey, parseAnchor } from './anchor.ts';
import { conditionOperator } from './operators/index.ts';
import { isKyvernoPolicy } from './policy.ts';

export interface FailOpenRemark {
  /** Stable name: `existing-violations`. */
  readonly code: string;
  readonly message: string;
  /** Where in the policy. */
  readonly path: DocumentPath;
}

/** The remarks on one ClusterPolicy or Policy; none for other kinds. Never throws. */
export function failOpenRemarks(policy: JsonObject): readonly FailOpenRemark[] {
  if (!isKyvernoPolicy(policy)) return [];
  const spec = asObject(policy['spec']) ?? {};
  const finder = new Finder(spec);
  finder.checkSpec();
  for (const [index, rule] of asArray(spec['rules']).entries())
    finder.checkRule(asObject(rule) ?? {}, ['spec', 'rules', index]);
  return finder.remarks;
}

const memberships: ReadonlySet<string> = new Set(['In', 'AnyIn', 'AllIn', 'NotIn', 'AnyNotIn', 'AllNotIn']);
const refusals: ReadonlySet<string> = new Set(['NotIn', 'AnyNotIn', 'AllNotIn']);

class Finder {
  readonly remarks: FailOpenRemark[] = [];
  readonly #spec: JsonObject;

  constructor(spec: JsonObject) {
    this.#spec = spec;
  }

  #remark(code: string, path: DocumentPath, message: string): void {
    this.remarks.push({ code, path, message });
  }

  checkSpec(): void {
    const webhook = asObject(this.#spec['webhookConfiguration']);
    if ((webhook?.['failurePolicy'] ?? this.#spec['failurePolicy']) === 'Ignore')
      this.#remark('errors-ignored', ['spec'], 'failurePolicy Ignore: what cannot be judged is let through');
    if (this.#spec['admission'] === false)
      this.#remark('no-admission', ['spec', 'admission'], 'admission: false: nothing is ever refused, only reported');
  }

  checkRule(rule: JsonObject, path: DocumentPath): void {
    const validate = asObject(rule['validate']);
    if (validate !== undefined) this.#checkValidate(validate, [...path, 'validate']);
    this.#checkConditions(rule['preconditions'], [...path, 'preconditions'], 'precondition');
    this.#checkExclude(rule, path);
    for (const [index, item] of asArray(rule['verifyImages']).entries())
      this.#checkImages(asObject(item) ?? {}, [...path, 'verifyImages', index]);
  }

  #isEnforced(validate: JsonObject): boolean {
    const action = asString(validate['failureAction']) ?? asString(this.#spec['validationFailureAction']) ?? 'Audit';
    return action.toLowerCase() === 'enforce';
  }

  #checkValidate(validate: JsonObject, path: DocumentPath): void {
    const isOfResources = ['pattern', 'anyPattern', 'deny', 'foreach'].some((key) => validate[key] !== undefined);
    if (!this.#isEnforced(validate))
      this.#remark(
        'audit-only',
        path,
        'failureAction is Audit, which is the default: breaches are reported and let through',
      );
    else if (isOfResources && validate['allowExistingViolations'] !== false)
      this.#remark(
        'existing-violations',
        path,
        'an object that is in breach already may be changed to a worse breach; allowExistingViolations: false closes this',
      );
    this.#checkConditions(
      asObject(validate['deny'])?.['conditions'],
      [...path, 'deny', 'conditions'],
      'deny condition',
    );
    this.#checkPattern(validate['pattern'], [...path, 'pattern']);
    for (const [index, pattern] of asArray(validate['anyPattern']).entries())
      this.#checkPattern(pattern, [...path, 'anyPattern', index]);
    this.#checkLoops(validate['foreach'], [...path, 'foreach']);
    if (hasForeignVariables(validate))
      this.#remark(
        'variables-evaluated-again',
        path,
        "values of the object that hold {{ }} are evaluated again; write {{- }} where the value is the object's",
      );
  }

  #checkLoops(value: unknown, path: DocumentPath): void {
    for (const [index, item] of asArray(value).entries()) {
      const loop = asObject(item) ?? {};
      const at = [...path, index];
      const list = asString(loop['list']) ?? '';
      if (!list.includes('||'))
        this.#remark(
          'loop-passed-over',
          [...at, 'list'],
          `where ${list} is not there the loop is passed over in silence`,
        );
      if (loop['preconditions'] !== undefined)
        this.#remark(
          'element-passed-over',
          [...at, 'preconditions'],
          'an element whose preconditions cannot be evaluated is passed over, unless it is the last',
        );
      this.#checkConditions(asObject(loop['deny'])?.['conditions'], [...at, 'deny', 'conditions'], 'deny condition');
      this.#checkPattern(loop['pattern'], [...at, 'pattern']);
      this.#checkLoops(loop['foreach'], [...at, 'foreach']);
    }
  }

  #checkConditions(value: unknown, path: DocumentPath, what: string): void {
    const blocks = Array.isArray(value) ? value : [value];
    for (const block of blocks) {
      const object = asObject(block) ?? {};
      const conditions = [
        ...asArray(object['any']),
        ...asArray(object['all']),
        ...(object['key'] === undefined ? [] : [object]),
      ];
      for (const condition of conditions) this.#checkCondition(asObject(condition) ?? {}, path, what);
    }
  }

  #checkCondition({ key, operator: written, value }: JsonObject, path: DocumentPath, what: string): void {
    const operator = conditionOperator(asString(written) ?? '')?.name ?? '';
    const text = asString(key) ?? '';
    const isForeign = text.includes('request.object') || text.includes('element');
    if (memberships.has(operator) && isForeign && (what === 'precondition' || refusals.has(operator)))
      this.#remark(
        'wildcards-of-the-object',
        path,
        `${operator} also matches wildcards written in the object: a value "*" there is in every list (${text})`,
      );
    if ((operator === 'NotEquals' || operator === 'NotEqual') && /\|\|\s*(?:null|`null`)\s*\}\}/.test(text))
      this.#remark(
        'null-is-neither',
        path,
        `${operator} never holds for null, so this ${what} says nothing where ${text} is missing`,
      );
    if (operator === 'Equals' && value === null)
      this.#remark('null-is-neither', path, `${operator} never holds for null (${text})`);
  }

  #checkPattern(pattern: unknown, path: DocumentPath): void {
    if (Array.isArray(pattern)) {
      if (pattern.length > 1)
        this.#remark(
          'only-first-element',
          path,
          `only the first of ${pattern.length} elements of a pattern's list counts`,
        );
      for (const [index, item] of pattern.entries()) this.#checkPattern(item, [...path, index]);
      return;
    }
    for (const [key, value] of entriesOf(pattern)) {
      const at = [...path, key];
      if (parseAnchor(key)?.kind === 'existence')
        this.#remark('existence-of-nothing', at, `${key} passes where the list is not there at all`);
      if (hasWildcard(bareKey(key)) && path.some((part) => ['labels', 'annotations'].includes(bareKey(String(part)))))
        this.#remark('first-key-counts', at, `of several keys that fit ${bareKey(key)} only one is looked at`);
      this.#checkPattern(value, at);
    }
  }

  #checkExclude(rule: JsonObject, path: DocumentPath): void {
    const exclude = asObject(rule['exclude']);
    const filters = [exclude, ...asArray(exclude?.['any']), ...asArray(exclude?.['all'])].map(
      (item) => asObject(item) ?? {},
    );
    const isByLabel = filters.some((filter) => {
      const resources = asObject(filter['resources']) ?? {};
      return resources['selector'] !== undefined || resources['annotations'] !== undefined;
    });
    if (isByLabel)
      this.#remark(
        'excluded-by-own-label',
        [...path, 'exclude'],
        'who writes the object writes the label or annotation that excludes it',
      );
  }

  #checkImages(entry: JsonObject, path: DocumentPath): void {
    const hasLegacy = ['key', 'issuer', 'subject', 'roots'].some((key) => entry[key] !== undefined);
    if (hasLegacy && entry['attestations'] !== undefined)
      this.#remark(
        'attestor-lost',
        path,
        'key, issuer and subject do not count for attestations in Kyverno: any identity may have signed them; write attestors in each attestation',
      );
    if (entry['required'] === false)
      this.#remark('not-required', path, 'required: false: an image that nobody looked at passes');
    for (const attestation of asArray(entry['attestations']))
      if (asArray(asObject(attestation)?.['attestors']).length === 0)
        this.#remark(
          'any-identity',
          path,
          'an attestation without attestors may be signed by anybody with a Fulcio certificate',
        );
    const written = JSON.stringify(entry['attestors'] ?? []);
    const entries = asArray(entry['attestors']).flatMap((set) => asArray(asObject(set)?.['entries']));
    for (const item of entries) {
      const attestor = asObject(item) ?? {};
      const keyless = asObject(attestor['keyless']);
      if (keyless !== undefined) this.#checkKeyless(keyless, path);
      if (attestor['annotations'] !== undefined)
        this.#remark(
          'annotations-of-another',
          path,
          'in Kyverno annotations may be met by another signature than the one whose identity counts',
        );
    }
    if (written.includes('"ignoreTlog":true'))
      this.#remark('no-transparency', path, 'ignoreTlog: signatures that no transparency log has seen are taken');
  }

  #checkKeyless(keyless: JsonObject, path: DocumentPath): void {
    const names = ['issuer', 'issuerRegExp', 'subject', 'subjectRegExp'].filter((key) => keyless[key] !== undefined);
    if (names.length === 0)
      this.#remark('any-identity', path, 'keyless without issuer and subject takes every identity');
    else if (!names.some((name) => name.startsWith('subject')))
      this.#remark('any-subject', path, 'keyless without subject takes everybody at that issuer');
    for (const name of ['issuer', 'subject'])
      if (hasWildcard(asString(keyless[name]) ?? ''))
        this.#remark(
          'identity-by-glob',
          path,
          `${name} ${asString(keyless[name]) ?? ''} has wildcards, which match across slashes`,
        );
    for (const name of ['issuerRegExp', 'subjectRegExp']) {
      const text = asString(keyless[name]);
      if (text !== undefined && !(text.startsWith('^') && text.endsWith('$')))
        this.#remark(
          'identity-not-anchored',
          path,
          `${name} ${text} is looked for anywhere in the identity; write ^ and $`,
        );
    }
    if (names.some((name) => name.startsWith('subject')))
      this.#remark(
        'certificate-without-name',
        path,
        'Kyverno does not compare the subject of a certificate that has no name (SAN)',
      );
  }
}

function hasForeignVariables(value: unknown): boolean {
  const text = JSON.stringify(value);
  return /\{\{[^-][^{}]*request\.object(?!\.metadata\.(?:name|namespace)\b)/.test(text);
}
