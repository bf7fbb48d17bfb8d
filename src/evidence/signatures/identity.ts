// SPDX-License-Identifier: Apache-2.0
// Who signed, and whether the policy names them. Comparison is exact unless an expression is asked for; expressions are RE2 (linear time) and
// must match the whole text: "https://github.com/org/repo" must not let "…/org/repo-evil" in.
import { RE2JS } from 're2js';
import type { FulcioClaims } from '../../formats/fulcio-extensions.ts';
import { fulcioClaims, issuerOf } from '../../formats/fulcio-extensions.ts';
import type { Certificate, SubjectName } from '../../formats/x509.ts';
import type { CertificateIdentity, TextMatch } from './policy.ts';
import type { Refusal } from './refusal.ts';
import { isRefusal, refuse } from './refusal.ts';

export interface CertificateSigner {
  readonly kind: 'certificate';
  readonly subjects: readonly SubjectName[];
  readonly issuer: string | undefined;
  readonly claims: FulcioClaims;
}

const longestExpression = 2_000;
const longestText = 4_096;

/** Reads the signer of a certificate. */
export function certificateSigner(certificate: Certificate): CertificateSigner | Refusal {
  const claims = fulcioClaims(certificate);
  if (claims.kind === 'malformed') return refuse('PROOF_MALFORMED', claims.reason);
  const issuer = issuerOf(claims.value);
  if (issuer.kind === 'malformed') return refuse('IDENTITY_AMBIGUOUS', issuer.reason);
  return { kind: 'certificate', subjects: certificate.subjectNames, issuer: issuer.value, claims: claims.value };
}

/** Certificates of Sigstore name exactly one subject, of a kind that Fulcio gives. */
export function checkSigstoreIdentity(
  signer: CertificateSigner,
  identities: readonly CertificateIdentity[],
): Refusal | undefined {
  const [subject] = signer.subjects;
  if (subject === undefined || signer.subjects.length !== 1 || subject.kind === 'unread')
    return refuse('IDENTITY_AMBIGUOUS', 'the certificate does not name exactly one subject');
  for (const identity of identities) {
    const isNamed = matchesIdentity(signer, subject.value, identity);
    if (isRefusal(isNamed)) return isNamed;
    if (isNamed) return undefined;
  }
  return refuse(
    'IDENTITY_MISMATCH',
    `signed by ${subject.value} of ${signer.issuer ?? 'an unknown issuer'}, who is not named by the policy`,
  );
}

/** Certificates of an own PKI may name several subjects; one must be named by the policy. */
export function checkOwnIdentity(signer: CertificateSigner, subjects: readonly TextMatch[]): Refusal | undefined {
  const names = signer.subjects.filter(({ kind }) => kind !== 'unread').map(({ value }) => value);
  for (const wanted of subjects)
    for (const name of names) {
      const isNamed = matchesText(name, wanted);
      if (isRefusal(isNamed)) return isNamed;
      if (isNamed) return undefined;
    }
  return refuse(
    'IDENTITY_MISMATCH',
    `signed by ${names.join(', ') || 'nobody by name'}, who is not named by the policy`,
  );
}

function matchesIdentity(signer: CertificateSigner, subject: string, identity: CertificateIdentity): boolean | Refusal {
  const wanted: (readonly [string | undefined, TextMatch])[] = [
    [subject, identity.subject],
    [signer.issuer, identity.issuer],
  ];
  for (const [name, match] of Object.entries(identity.claims ?? {}))
    wanted.push([signer.claims[name as keyof FulcioClaims], match]);
  for (const [text, match] of wanted) {
    const isMatch = text !== undefined && matchesText(text, match);
    if (isMatch !== true) return isMatch;
  }
  return true;
}

function matchesText(text: string, match: TextMatch): boolean | Refusal {
  if (match.kind === 'exact') return match.value !== '' && text === match.value;
  if (match.kind === 'all') return matchesAll(text, match.of);
  const expression = compileExpression(match.expression);
  return isRefusal(expression) ? expression : text.length <= longestText && expression.testExact(text);
}

function matchesAll(text: string, of: readonly TextMatch[]): boolean | Refusal {
  if (of.length === 0) return refuse('POLICY_INVALID', 'nothing says who may have signed');
  for (const match of of) {
    const isMatch = matchesText(text, match);
    if (isMatch !== true) return isMatch;
  }
  return true;
}

const compiled = new Map<string, RE2JS | Refusal>();
const mostCompiled = 1_000;

function compileExpression(expression: string): RE2JS | Refusal {
  const known = compiled.get(expression);
  if (known !== undefined) return known;
  if (compiled.size >= mostCompiled) compiled.clear();
  const result = compileNew(expression);
  compiled.set(expression, result);
  return result;
}

function compileNew(expression: string): RE2JS | Refusal {
  if (expression === '' || expression.length > longestExpression)
    return refuse('POLICY_INVALID', `an expression of 1 to ${longestExpression} characters is required`);
  try {
    return RE2JS.compile(expression);
  } catch {
    return refuse('POLICY_INVALID', `not an RE2 expression: ${expression.slice(0, 100)}`);
  }
}
