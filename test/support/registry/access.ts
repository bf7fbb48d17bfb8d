// SPDX-License-Identifier: Apache-2.0
// How a test registry guards itself: basic authentication, or bearer tokens with a token service of its own.
import type { IncomingMessage } from 'node:http';
import type { Reply } from './faults.ts';

export interface AccessRules {
  readonly kind: 'basic' | 'bearer';
  readonly username: string;
  readonly password: string;
  /** Reading needs no credentials (with bearer: but a token). */
  readonly isPublic?: boolean;
  /** Address of the token service; the registry's own when absent. */
  readonly realm?: string;
  /** More parameters of the challenge. */
  readonly parameters?: string;
  /** Refresh token that is exchanged for a token. */
  readonly refreshToken?: string;
  readonly expiresIn?: number;
}

export class Access {
  readonly rules: AccessRules;
  readonly #tokens = new Set<string>();
  /** Scopes that tokens were asked for. */
  readonly scopes: string[] = [];
  issued = 0;

  constructor(rules: AccessRules) {
    this.rules = rules;
  }

  /** Withdraws all tokens before their time. */
  withdraw(): void {
    this.#tokens.clear();
  }

  /** The refusal, or undefined for who may pass. */
  refuse(request: IncomingMessage, origin: string): Reply | undefined {
    const header = request.headers.authorization;
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    const { kind, isPublic, realm, parameters = '' } = this.rules;
    if (kind === 'basic') {
      if (header === this.#basic() || (isReading && isPublic === true)) return undefined;
      return refusal('Basic realm="test registry"');
    }
    if (header?.startsWith('Bearer ') === true && this.#tokens.has(header.slice(7))) return undefined;
    return refusal(`Bearer realm="${realm ?? `${origin}/token`}",service="test, registry"${parameters}`);
  }

  #basic(): string {
    const { username, password } = this.rules;
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }

  /** The token service. */
  grant(request: IncomingMessage, body: string): Reply {
    const url = new URL(request.url ?? '', 'http://registry.invalid');
    const form = request.method === 'POST' ? new URLSearchParams(body) : url.searchParams;
    this.scopes.push(...form.getAll('scope'));
    const isWriting = form.getAll('scope').some((scope) => /push|delete/.test(scope));
    const { refreshToken, isPublic, expiresIn } = this.rules;
    const isKnown =
      request.method === 'POST'
        ? refreshToken !== undefined && form.get('refresh_token') === refreshToken
        : request.headers.authorization === this.#basic();
    const isAnonymous =
      request.method === 'GET' && request.headers.authorization === undefined && isPublic === true && !isWriting;
    if (!isKnown && !isAnonymous) return { status: 401 };
    this.issued += 1;
    const token = `token-${this.issued}`;
    this.#tokens.add(token);
    const answer = { token, ...(expiresIn === undefined ? {} : { expires_in: expiresIn }) };
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(answer)) };
  }
}

function refusal(challenge: string): Reply {
  const body = Buffer.from(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }));
  return { status: 401, headers: { 'www-authenticate': challenge, 'content-type': 'application/json' }, body };
}
