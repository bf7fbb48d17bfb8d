// SPDX-License-Identifier: Apache-2.0
// Who may sign without a key, as attestors of an ImageValidatingPolicy name them.
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject } from '../../../formats/document.ts';
import type { DemandedIdentity, NamedText } from '../../image-policy/demand.ts';
import type { SignerEntry } from '../verify-images/signer.ts';
import { EntryFault } from '../verify-images/signer.ts';
import type { AttestorScope } from './attestor-reading.ts';
import { textOf } from './attestor-texts.ts';

/**
 * Names are meant as they stand, expressions match anywhere; where both are written both must hold (sigstore/cosign pkg/cosign, Identity). Strict: an
 * expression is for the whole name, and an identity that leaves issuer or subject open is nobody's.
 */
export function withIdentities(
  entry: SignerEntry & { readonly signer: Extract<SignerEntry['signer'], { readonly kind: 'keyless' }> },
  keyless: JsonObject,
  { path, scope }: { readonly path: DocumentPath; readonly scope: AttestorScope },
): SignerEntry {
  const written = asArray(keyless['identities']).map((item) => asObject(item) ?? {});
  if (written.length === 0) throw new EntryFault([...path, 'identities'], 'must name somebody');
  const identities = written.flatMap((identity, index): DemandedIdentity[] => {
    const at = [...path, 'identities', index];
    const texts = (part: 'issuer' | 'subject'): readonly NamedText[] =>
      namedTexts(identity, part, { path: at, hardening: scope.hardening });
    const [issuer, subject] = [texts('issuer'), texts('subject')];
    return issuer.length === 0 || subject.length === 0 ? [] : [{ issuer, subject }];
  });
  const refusal =
    identities.length === 0
      ? { refusal: 'no identity names both issuer and subject, so that anybody could have signed' }
      : {};
  return { ...entry, signer: { ...entry.signer, identities }, ...refusal };
}

const longestExpression = 1_000;

function namedTexts(
  identity: JsonObject,
  part: 'issuer' | 'subject',
  { path, hardening }: { readonly path: DocumentPath; readonly hardening: AttestorScope['hardening'] },
): readonly NamedText[] {
  const [exact, expression] = [textOf(identity[part]), textOf(identity[`${part}RegExp`])];
  if (expression !== undefined && expression.length > longestExpression)
    throw new EntryFault([...path, `${part}RegExp`], `longer than ${longestExpression} characters`);
  const whole = hardening === 'strict' ? `(?:${expression})` : `(?s:.*)(?:${expression})(?s:.*)`;
  const texts: NamedText[] = [
    ...(exact === undefined ? [] : [{ kind: 'exact' as const, text: exact }]),
    ...(expression === undefined ? [] : [{ kind: 'pattern' as const, text: whole }]),
  ];
  return texts.length === 0 && hardening !== 'strict' ? [{ kind: 'pattern', text: '(?s).*' }] : texts;
}
