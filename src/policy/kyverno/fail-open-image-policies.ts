// SPDX-License-Identifier: Apache-2.0
// ImageValidatingPolicies that take more signatures, or look at fewer images, than they seem to.
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import type { Tell } from './fail-open-remark.ts';

/** Remarks on one ImageValidatingPolicy or NamespacedImageValidatingPolicy. */
export function checkImagePolicy(policy: JsonObject, tell: Tell): void {
  const spec = asObject(policy['spec']) ?? {};
  checkConsequences(spec, tell);
  checkConfigurations(asObject(spec['validationConfigurations']) ?? {}, tell);
  checkScope(spec, tell);
  const annotations = asObject(asObject(policy['metadata'])?.['annotations']) ?? {};
  if (annotations[logAnnotation] === 'false')
    tell('no-transparency', ['metadata', 'annotations', logAnnotation], ignoredLog(`${logAnnotation}: "false"`));
  for (const [index, item] of asArray(spec['attestors']).entries())
    checkAttestor(asObject(item) ?? {}, ['spec', 'attestors', index], tell);
  checkValidations(spec, tell);
}

const logAnnotation = 'landwaiter.dev/require-transparency-log';

function ignoredLog(what: string): string {
  return `${what}: signatures that no transparency log has seen are taken`;
}

function checkConsequences(spec: JsonObject, tell: Tell): void {
  if (spec['failurePolicy'] === 'Ignore')
    tell('errors-ignored', ['spec', 'failurePolicy'], 'failurePolicy Ignore: what cannot be judged is let through');
  const actions = asStrings(spec['validationActions']);
  if (actions.length > 0 && !actions.includes('Deny'))
    tell(
      'audit-only',
      ['spec', 'validationActions'],
      `validationActions ${actions.join(', ')}: images without signatures are reported and let through`,
    );
  if (asObject(asObject(spec['evaluation'])?.['admission'])?.['enabled'] === false)
    tell(
      'no-admission',
      ['spec', 'evaluation', 'admission'],
      'admission is off: nothing is ever refused, only reported',
    );
}

function checkConfigurations(configurations: JsonObject, tell: Tell): void {
  const path: DocumentPath = ['spec', 'validationConfigurations'];
  if (configurations['required'] === false)
    tell('not-required', [...path, 'required'], 'required: false: an image that nobody looked at passes');
  if (configurations['verifyDigest'] === false)
    tell(
      'tag-not-pinned',
      [...path, 'verifyDigest'],
      configurations['mutateDigest'] === false
        ? 'verifyDigest and mutateDigest are false: what was verified is a tag, which may be another image when it is pulled'
        : 'verifyDigest: false: an image whose digest was not put in is taken by its tag, which may become another image',
    );
}

/** `*`, `**`, `*\/*`, with or without tag: every image. */
const everyImage = /^\*+(?:\/\*+)*(?:[:@]\*+)?$/;

function checkScope(spec: JsonObject, tell: Tell): void {
  const references = asArray(spec['matchImageReferences']).map((item) => asObject(item) ?? {});
  const globs = references.flatMap(({ glob }) => asString(glob) ?? []);
  if (references.length > 0 && !globs.some((glob) => everyImage.test(glob)))
    tell(
      'images-left-out',
      ['spec', 'matchImageReferences'],
      globs.length === references.length
        ? `images other than ${globs.join(', ')} are not looked at; a policy for everything else has to refuse them`
        : 'images that the expressions leave out are not looked at; a policy for everything else has to refuse them',
    );
  const constraints = asObject(spec['matchConstraints']) ?? {};
  const at: DocumentPath = ['spec', 'matchConstraints'];
  if (Object.keys(asObject(constraints['objectSelector']) ?? {}).length > 0)
    tell(
      'matched-by-own-label',
      [...at, 'objectSelector'],
      'who writes the object chooses whether it has the label that the policy asks for',
    );
  const operations = new Set(
    asArray(constraints['resourceRules']).flatMap((rule) => asStrings(asObject(rule)?.['operations'])),
  );
  if (operations.has('CREATE') && !operations.has('UPDATE') && !operations.has('*'))
    tell('update-not-judged', [...at, 'resourceRules'], 'an image that is changed later (UPDATE) is not looked at');
}

function checkAttestor(attestor: JsonObject, path: DocumentPath, tell: Tell): void {
  const cosign = asObject(attestor['cosign']) ?? {};
  const at: DocumentPath = [...path, 'cosign'];
  const log = asObject(cosign['ctlog']) ?? {};
  if (log['insecureIgnoreTlog'] === true)
    tell('no-transparency', [...at, 'ctlog', 'insecureIgnoreTlog'], ignoredLog('insecureIgnoreTlog'));
  if (log['insecureIgnoreSCT'] === true)
    tell(
      'no-certificate-log',
      [...at, 'ctlog', 'insecureIgnoreSCT'],
      'insecureIgnoreSCT: certificates that no log has seen are taken, so that nobody notices those made in secret',
    );
  const identities = asArray(asObject(cosign['keyless'])?.['identities']);
  for (const [index, item] of identities.entries())
    checkIdentity(asObject(item) ?? {}, [...at, 'keyless', 'identities', index], tell);
  const certificate = asObject(cosign['certificate']);
  if (certificate?.['certChain'] !== undefined && certificate['cert'] === undefined)
    tell(
      'any-certificate',
      [...at, 'certificate'],
      'certChain without cert: whoever has a certificate of that authority may have signed, whatever its name',
    );
}

type Part = 'issuer' | 'subject';

function checkIdentity(identity: JsonObject, path: DocumentPath, tell: Tell): void {
  const isOpen = (part: Part): boolean => {
    const expression = asString(identity[`${part}RegExp`]) ?? '';
    return (asString(identity[part]) ?? '') === '' && (expression === '' || takesEverything(expression));
  };
  const [issuer, subject] = [isOpen('issuer'), isOpen('subject')];
  if (issuer && subject) tell('any-identity', path, 'an identity without issuer and subject takes every certificate');
  else if (subject) tell('any-subject', path, 'an identity without subject takes everybody at that issuer');
  else if (issuer) tell('any-issuer', path, 'an identity without issuer takes the subject from whoever vouches for it');
  for (const name of ['issuerRegExp', 'subjectRegExp']) {
    const text = asString(identity[name]) ?? '';
    if (text !== '' && !takesEverything(text) && !(text.startsWith('^') && text.endsWith('$')))
      tell(
        'identity-not-anchored',
        [...path, name],
        `${name} ${text} is looked for anywhere in the name; write ^ and $`,
      );
  }
}

/** `.*`, `^.+$`: no name is left out, but perhaps the empty one. */
function takesEverything(expression: string): boolean {
  return /^\^?\(?\.[*+]\)?\$?$/.test(expression);
}

const asking = /\bverify(?:Image|Attestation)Signatures\s*\(/;

function checkValidations(spec: JsonObject, tell: Tell): void {
  const validations = asArray(spec['validations']).map((item) => asString(asObject(item)?.['expression']) ?? '');
  const variables = asArray(spec['variables']).map((item) => asString(asObject(item)?.['expression']) ?? '');
  const at: DocumentPath = ['spec', 'validations'];
  if (![...validations, ...variables].some((expression) => asking.test(expression)))
    tell(
      'no-signature-asked',
      at,
      'no expression calls verifyImageSignatures or verifyAttestationSignatures, so that no signature is asked for',
    );
  for (const [index, expression] of validations.entries())
    if (asking.test(expression) && /(?:>=\s*0|>\s*-\s*1|!=\s*-\s*1)(?![\d.])/.test(expression))
      tell(
        'count-of-nothing',
        [...at, index, 'expression'],
        'the number of good signatures is never below 0, so this also holds where there are none; write > 0',
      );
}
