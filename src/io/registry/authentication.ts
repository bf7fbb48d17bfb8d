// SPDX-License-Identifier: Apache-2.0
// Answers to the challenges of registries (distribution "token authentication", RFC 6750, RFC 7617). The place that a challenge names for
// tokens is chosen by a stranger: it is asked over https only, or on the registry's own host when that speaks plain HTTP, never follows
// redirects, and never is an address of this machine or of a metadata service.
import { asObject, asString } from '../../formats/document.ts';
import type { Credential } from '../../formats/oci/docker-config.ts';
import type { Challenge } from '../../formats/oci/http-fields.ts';
import { defaultLimits } from '../../model/limits.ts';
import { hostFault, hostName } from './address.ts';
import { printable, readWhole } from './answer.ts';
import type { CredentialSource, FoundCredential } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { invalidAnswer, RegistryError } from './outcome.ts';
import type { Pace } from './retry.ts';
import type { HttpRequest, HttpResponse } from './transport.ts';

interface Token {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

interface KeptToken {
  readonly token: Promise<Token>;
  /** Known when the answer is there; until then everybody waits for it. */
  received?: Token;
}

export interface AuthenticationOptions {
  readonly credentials: CredentialSource;
  readonly pace: Pace;
  /** Sends with retries; throws RegistryError when no usable answer comes. */
  readonly send: (request: HttpRequest) => Promise<HttpResponse>;
}

/** What one registry has told about how it wants to be asked, and the tokens it gave. */
export class Authentication {
  readonly #options: AuthenticationOptions;
  readonly #challenges = new Map<string, Challenge>();
  readonly #tokens = new Map<string, KeptToken>();

  constructor(options: AuthenticationOptions) {
    this.#options = options;
  }

  /** Value of the Authorization header as far as it is known; undefined before the first challenge. */
  async header(endpoint: Endpoint, scopes: readonly string[]): Promise<string | undefined> {
    const challenge = this.#challenges.get(endpoint.origin.origin);
    if (challenge === undefined) return undefined;
    const { credential } = await this.#find(endpoint);
    if (challenge.scheme === 'basic') return credential?.kind === 'basic' ? basic(credential) : undefined;
    if (credential?.kind === 'registry-token') return `Bearer ${credential.token}`;
    return `Bearer ${(await this.#token(endpoint, challenge, scopes)).text}`;
  }

  /**
   * Learns from a refusal. false: nothing new was learnt, asking again is of no use. `sent` is the header that was refused.
   */
  async learn(endpoint: Endpoint, challenges: readonly Challenge[], sent: string | undefined): Promise<boolean> {
    // Where both are offered the token is the narrower secret to send.
    const challenge =
      challenges.find(({ scheme }) => scheme === 'bearer') ?? challenges.find(({ scheme }) => scheme === 'basic');
    if (challenge === undefined) return false;
    const { credential } = await this.#find(endpoint);
    if (challenge.scheme === 'basic' && credential?.kind !== 'basic') return false;
    this.#challenges.set(endpoint.origin.origin, challenge);
    if (sent === undefined) return true;
    // A token may have been withdrawn before its time; fixed credentials do not get better.
    if (challenge.scheme === 'basic' || credential?.kind === 'registry-token') return false;
    for (const [key, { received }] of this.#tokens) {
      if (received !== undefined && `Bearer ${received.text}` === sent) this.#tokens.delete(key);
    }
    return true;
  }

  /** Why credentials are missing, for the message of a refusal. */
  async remarks(endpoint: Endpoint): Promise<string> {
    const { credential, remarks } = await this.#find(endpoint);
    if (remarks.length > 0) return remarks.map(printable).join('; ');
    return credential === undefined ? 'no credentials are configured' : 'the configured credentials were not accepted';
  }

  #find(endpoint: Endpoint): Promise<FoundCredential> {
    return this.#options.credentials.find(endpoint.registry, endpoint.repository);
  }

  async #token(endpoint: Endpoint, challenge: Challenge, scopes: readonly string[]): Promise<Token> {
    const key = [
      endpoint.origin.origin,
      endpoint.repository,
      challenge.parameters.get('realm'),
      challenge.parameters.get('service'),
      ...scopes,
    ].join(' ');
    const known = this.#tokens.get(key);
    if (known !== undefined && (known.received?.until ?? Infinity) > this.#options.pace.now()) return known.token;
    const kept: KeptToken = { token: this.#ask(endpoint, challenge, scopes) };
    this.#tokens.set(key, kept);
    try {
      kept.received = await kept.token;
      return kept.received;
    } catch (error) {
      if (this.#tokens.get(key) === kept) this.#tokens.delete(key);
      throw error;
    }
  }

  async #ask(endpoint: Endpoint, challenge: Challenge, own: readonly string[]): Promise<Token> {
    const realm = realmOf(endpoint, challenge);
    const service = challenge.parameters.get('service');
    // Some services know scopes of their own; what they say about repositories is not theirs to choose.
    const offered = (challenge.parameters.get('scope') ?? '')
      .split(' ')
      .filter((scope) => scope !== '' && !scope.startsWith('repository:'));
    const scopes = [...own, ...offered.slice(0, 8)];
    const { credential } = await this.#find(endpoint);
    const isOwnHost = hostName(realm) === hostName(endpoint.origin);
    const common = {
      addresses: endpoint.isLoopback ? 'named' : 'remote',
      certificates: isOwnHost ? endpoint.certificates : 'verified',
    } as const;
    const request =
      credential?.kind === 'identity-token'
        ? refreshRequest(realm, { service, scopes, token: credential.token })
        : tokenRequest(realm, { service, scopes, credential });
    const response = await this.#options.send({ ...common, ...request });
    if (response.status !== 200) {
      response.discard();
      const refused = response.status === 400 || response.status === 401 || response.status === 403;
      const reason = `${realm.host}: the token service of ${endpoint.registry} answered ${response.status}`;
      throw new RegistryError({
        code: refused ? 'REGISTRY_UNAUTHORIZED' : 'REGISTRY_INVALID',
        reason: refused ? `${reason}; ${await this.remarks(endpoint)}` : reason,
      });
    }
    return readToken(
      await readWhole(response, realm, defaultLimits.registryAnswerBytes),
      realm,
      this.#options.pace.now(),
    );
  }
}

function basic({ username, password }: Extract<Credential, { kind: 'basic' }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** The token service's address. Throws REGISTRY_INVALID when asking it is forbidden. */
function realmOf(endpoint: Endpoint, challenge: Challenge): URL {
  const text = challenge.parameters.get('realm') ?? '';
  const refuse = (why: string): RegistryError =>
    invalidAnswer(`${endpoint.origin.host}: its challenge names a token service that is not asked: ${why}`);
  if (!URL.canParse(text)) throw refuse('no absolute URL');
  const realm = new URL(text);
  const isOwn = hostName(realm) === hostName(endpoint.origin);
  const isPlain = realm.protocol === 'http:';
  if (isPlain && !(isOwn && endpoint.origin.protocol === 'http:')) throw refuse('plain HTTP');
  if (!isPlain && realm.protocol !== 'https:') throw refuse(`the scheme ${realm.protocol}`);
  if (realm.username !== '' || realm.password !== '') throw refuse('it holds credentials');
  const fault = hostFault(realm, endpoint.isLoopback ? 'named' : 'remote');
  if (fault !== undefined) throw refuse(fault);
  return realm;
}

interface TokenWish {
  readonly service: string | undefined;
  readonly scopes: readonly string[];
}

type PartialRequest = Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>;

function tokenRequest(
  realm: URL,
  { service, scopes, credential }: TokenWish & { readonly credential: Credential | undefined },
): PartialRequest {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const headers: Record<string, string> = credential?.kind === 'basic' ? { authorization: basic(credential) } : {};
  if (credential?.kind === 'basic') url.searchParams.set('account', credential.username);
  return { method: 'GET', url, headers: { accept: 'application/json', ...headers } };
}

/** OAuth 2 refresh grant (distribution "oauth2 token authentication"). */
function refreshRequest(
  realm: URL,
  { service, scopes, token }: TokenWish & { readonly token: string },
): PartialRequest {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: token,
    client_id: 'landwaiter',
    scope: scopes.join(' '),
  });
  if (service !== undefined) form.set('service', service);
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url: realm, headers, body: Buffer.from(form.toString()) };
}

function readToken(bytes: Buffer, realm: URL, now: number): Token {
  let answer: unknown;
  try {
    answer = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw invalidAnswer(`${realm.host}: the token service's answer is not JSON`);
  }
  const source = asObject(answer);
  const text = asString(source?.['token']) || asString(source?.['access_token']) || '';
  if (!/^[\x21-\x7e]{1,65536}$/.test(text))
    throw invalidAnswer(`${realm.host}: the token service's answer holds no token`);
  const seconds = source?.['expires_in'];
  // 60 seconds is what the specification says when nothing is said. A tenth is kept back for the way to the registry.
  const lifetime = typeof seconds === 'number' && seconds > 0 ? Math.min(seconds, 86_400) : 60;
  return { text, until: now + lifetime * 900 };
}
