// SPDX-License-Identifier: Apache-2.0
// The certificate chain of an envelope: whole, in order, from a leaf that may sign code to a root (notaryproject/specifications,
// signature-specification.md, "Certificate Requirements"). Whether anybody trusts that root, and validity in time, is judged elsewhere.
import type { Certificate } from '../../../formats/x509.ts';
import { extensionIds, keyPurposes, keyUsageBits } from '../../../formats/x509.ts';
import { certificateKey, isSignedBy } from '../certificate-path.ts';
import type { Refusal } from '../refusal.ts';
import { isRefusal, refuse } from '../refusal.ts';

export type SigningChain = readonly [Certificate, ...Certificate[]];

const understood = new Set<string>([
  extensionIds.basicConstraints,
  extensionIds.keyUsage,
  extensionIds.extendedKeyUsage,
  extensionIds.subjectAltName,
  extensionIds.subjectKeyId,
]);
/** anyExtendedKeyUsage, serverAuth, emailProtection, timeStamping: a certificate for these must not sign code as well. */
const excludedPurposes = ['2.5.29.37.0', '1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.4', keyPurposes.timeStamping];
const anyPurpose = '2.5.29.37.0';
/** digitalSignature and contentCommitment. */
const signingUsages = new Set<number>([keyUsageBits.digitalSignature, 1]);

/** Undefined when the chain is as it must be. */
export function checkSigningChain(chain: SigningChain): Refusal | undefined {
  const [leaf] = chain;
  const refusal = checkLeaf(leaf) ?? chain.map(checkCommon).find(isRefusal);
  if (refusal !== undefined) return refusal;
  for (const [index, certificate] of chain.entries()) {
    const above = chain[index + 1];
    if (above === undefined) return checkRoot(certificate);
    const broken = checkLink(certificate, above) ?? checkAuthority(above, chain.slice(1, index + 1));
    if (broken !== undefined) return broken;
  }
  return undefined;
}

function unsuitable(message: string): Refusal {
  return refuse('CERTIFICATE_UNSUITABLE', message);
}

function checkLeaf(leaf: Certificate): Refusal | undefined {
  if (leaf.isAuthority) return unsuitable('the signing certificate is an authority');
  const usage = leaf.keyUsage ?? new Set<number>();
  if (!usage.has(keyUsageBits.digitalSignature))
    return unsuitable('the signing certificate is not for digital signatures');
  if ([...usage].some((bit) => !signingUsages.has(bit)))
    return unsuitable('the key of the signing certificate has other uses than signing');
  // Stricter than notation, which takes a certificate without purpose for one that may sign code.
  if (leaf.extendedKeyUsage?.has(keyPurposes.codeSigning) !== true)
    return unsuitable('the signing certificate is not for codeSigning');
  return excludedPurposes.some((purpose) => leaf.extendedKeyUsage?.has(purpose))
    ? unsuitable('the signing certificate is for other purposes than signing code')
    : undefined;
}

function checkCommon(certificate: Certificate): Refusal | undefined {
  const unknown = certificate.extensions.find(({ id, critical }) => critical && !understood.has(id));
  if (unknown !== undefined)
    return unsuitable(`a certificate has the critical extension ${unknown.id}, which is not understood`);
  const usage = certificate.extensions.find(({ id }) => id === extensionIds.keyUsage);
  if (usage === undefined || !usage.critical) return unsuitable('the key usage of a certificate is not critical');
  const key = certificateKey(certificate);
  return isRefusal(key) ? key : undefined;
}

function checkAuthority(authority: Certificate, below: readonly Certificate[]): Refusal | undefined {
  if (!authority.isAuthority) return unsuitable('a certificate of the chain is no authority');
  if (authority.keyUsage?.has(keyUsageBits.keyCertSign) !== true)
    return unsuitable('an authority of the chain may not sign certificates');
  const purposes = authority.extendedKeyUsage;
  if (purposes !== undefined && !purposes.has(keyPurposes.codeSigning) && !purposes.has(anyPurpose))
    return unsuitable('an authority of the chain is not for codeSigning');
  const between = below.filter((step) => !step.subject.equals(step.issuer)).length;
  return authority.pathLength !== undefined && between > authority.pathLength
    ? unsuitable('the chain is longer than one of its authorities allows')
    : undefined;
}

function checkLink(child: Certificate, issuer: Certificate): Refusal | undefined {
  return child.issuer.equals(issuer.subject) && isSignedBy(child, issuer)
    ? undefined
    : refuse('CERTIFICATE_UNTRUSTED', 'a certificate of the chain is not signed by the next one');
}

function checkRoot(root: Certificate): Refusal | undefined {
  return root.subject.equals(root.issuer) && isSignedBy(root, root)
    ? undefined
    : refuse('CERTIFICATE_UNTRUSTED', 'the chain does not end in a root certificate');
}

/** The first certificate that was not valid through the whole span. */
export function checkChainTimes(chain: SigningChain, from: number, to: number): Refusal | undefined {
  const outside = chain.find(({ notBefore, notAfter }) => from < notBefore || to > notAfter);
  if (outside === undefined) return undefined;
  const [time, start, end] = [from, outside.notBefore, outside.notAfter].map((at) => new Date(at).toISOString());
  return refuse(
    'CERTIFICATE_NOT_VALID_THEN',
    `at ${time} a certificate of the chain was not valid; it is from ${start} to ${end}`,
  );
}
