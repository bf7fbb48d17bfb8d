// SPDX-License-Identifier: Apache-2.0
// Entries of verifyImages that take more signatures, or look at fewer images, than they seem to.
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { hasWildcard } from '../../formats/wildcard.ts';
import type { Tell } from './fail-open-remark.ts';

/** Remarks on one entry of `verifyImages`. */
export function checkImages(entry: JsonObject, path: DocumentPath, tell: Tell): void {
  const hasLegacy = ['key', 'issuer', 'subject', 'roots'].some((key) => entry[key] !== undefined);
  if (hasLegacy && entry['attestations'] !== undefined)
    tell(
      'attestor-lost',
      path,
      'key, issuer and subject do not count for attestations in Kyverno: any identity may have signed them; write attestors in each attestation',
    );
  if (entry['required'] === false) tell('not-required', path, 'required: false: an image that nobody looked at passes');
  checkReferences(entry, path, tell);
  for (const attestation of asArray(entry['attestations'])) {
    const sets = asArray(asObject(attestation)?.['attestors']);
    if (sets.length === 0 && !hasLegacy)
      tell('any-identity', path, 'an attestation without attestors may be signed by anybody with a Fulcio certificate');
    for (const set of sets) checkSet(set, path, tell);
  }
  if (entry['key'] === undefined && hasLegacy) checkKeyless(entry, path, tell);
  for (const set of asArray(entry['attestors'])) checkSet(set, path, tell);
}

function checkReferences(entry: JsonObject, path: DocumentPath, tell: Tell): void {
  const references = [...asStrings(entry['imageReferences']), ...[asString(entry['image']) ?? ''].filter(Boolean)];
  for (const reference of references) {
    // Without a registry a reference is about nothing, unless it begins with a wildcard.
    const ofHub = /^(?:docker\.io\/)?([^/*?:@]+)(?:[:@][^/]*)?$/.exec(reference)?.[1];
    if (ofHub !== undefined)
      tell('library-not-added', path, `${reference} is not about docker.io/library/${ofHub}, which is the same image`);
    if (/:[^/*]+$/.test(reference) && !reference.includes('@'))
      tell('tag-in-reference', path, `${reference} is not about the same image when it is named by its digest alone`);
  }
}

const deepestSet = 10;

function checkSet(set: unknown, path: DocumentPath, tell: Tell, depth = 0): void {
  if (depth > deepestSet) return;
  for (const item of asArray(asObject(set)?.['entries'])) {
    const attestor = asObject(item) ?? {};
    if (attestor['attestor'] !== undefined) checkSet(attestor['attestor'], path, tell, depth + 1);
    const keyless = asObject(attestor['keyless']);
    if (keyless !== undefined) checkKeyless(keyless, path, tell);
    if (attestor['annotations'] !== undefined)
      tell(
        'annotations-of-another',
        path,
        'in Kyverno annotations may be met by another signature than the one whose identity counts',
      );
    const ignores = ['keys', 'certificates', 'keyless'].some(
      (way) => asObject(asObject(attestor[way])?.['rekor'])?.['ignoreTlog'] === true,
    );
    if (ignores) tell('no-transparency', path, 'ignoreTlog: signatures that no transparency log has seen are taken');
  }
}

function checkKeyless(keyless: JsonObject, path: DocumentPath, tell: Tell): void {
  const names = ['issuer', 'issuerRegExp', 'subject', 'subjectRegExp'].filter((key) => (keyless[key] ?? '') !== '');
  const hasSubject = names.some((name) => name.startsWith('subject'));
  const hasIssuer = names.some((name) => name.startsWith('issuer'));
  if (names.length === 0) tell('any-identity', path, 'keyless without issuer and subject takes every identity');
  else if (!hasSubject) tell('any-subject', path, 'keyless without subject takes everybody at that issuer');
  else if (!hasIssuer) tell('any-issuer', path, 'keyless without issuer takes the subject from whoever vouches for it');
  for (const name of ['issuer', 'subject'])
    if (hasWildcard(asString(keyless[name]) ?? ''))
      tell(
        'identity-by-glob',
        path,
        `${name} ${asString(keyless[name]) ?? ''} has wildcards, which match across slashes`,
      );
  for (const name of ['issuerRegExp', 'subjectRegExp']) {
    const text = asString(keyless[name]) ?? '';
    if (text !== '' && !(text.startsWith('^') && text.endsWith('$')))
      tell('identity-not-anchored', path, `${name} ${text} is looked for anywhere in the identity; write ^ and $`);
  }
  if (hasSubject)
    tell(
      'certificate-without-name',
      path,
      'Kyverno does not compare the subject of a certificate that has no name (SAN)',
    );
}
