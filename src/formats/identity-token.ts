// SPDX-License-Identifier: Apache-2.0
// OpenID Connect tokens as a signer looks at them: who it says its holder is, and until when. The signature is not checked: that is the certificate
// authority's business, and only what it puts into a certificate counts.
import { asArray, asObject, asString } from './document.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';

export interface IdentityClaims {
  readonly issuer: string;
  /** What the holder signs to prove that the key is its own: the verified e-mail address, else the subject. */
  readonly subject: string;
  readonly audiences: readonly string[];
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

const longest = 64 * 1024;

export function parseIdentityToken(token: string): Parsed<IdentityClaims> {
  return parsing(() => {
    const parts = token.split('.');
    if (token.length > longest || parts.length !== 3) malformed('the identity token is not a JSON Web Token');
    let claims: ReturnType<typeof asObject>;
    try {
      claims = asObject(JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8')));
    } catch {
      malformed('the claims of the identity token are not JSON');
    }
    const email = asString(claims?.['email']);
    // Fulcio wants the proof over the e-mail address where the token has one (fulcio pkg/identity, cosign SubjectFromToken).
    const subject = email !== undefined && isVerified(claims?.['email_verified']) ? email : asString(claims?.['sub']);
    const issuer = asString(claims?.['iss']);
    const expiresAt = claims?.['exp'];
    if (subject === undefined || subject === '') return malformed('the identity token names nobody (sub)');
    if (issuer === undefined || typeof expiresAt !== 'number') return malformed('the identity token lacks iss or exp');
    const audience = claims?.['aud'];
    const audiences =
      typeof audience === 'string' ? [audience] : asArray(audience).flatMap((item) => asString(item) ?? []);
    return { issuer, subject, audiences, expiresAt };
  });
}

/** Some providers write the word instead of the value. */
function isVerified(value: unknown): boolean {
  return value === true || value === 'true';
}
