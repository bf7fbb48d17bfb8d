// SPDX-License-Identifier: Apache-2.0
// Asks the service that issued a secret whether it still holds. Only when the user says so (`--validate`): it sends the secret to the service it is for, and
// its owner may see the request. Each request only reads who the caller is; nothing is written, followed or kept. Bounded in number, time and size.
import type { SecretFinding } from '../../model/secret-finding.ts';
import type { FoundSecret } from './secret-run.ts';

/** `unknown`: nobody here can tell; never a reason to pass over a secret. */
export type Validity = 'active' | 'inactive' | 'unknown';

export interface SecretValidator {
  /** Ids of the rules it is for. */
  readonly rules: readonly string[];
  /** The request that tells. The secret goes only into headers. */
  request(secret: string): ValidationRequest;
  /** What an answer means; `unknown` for everything that is not documented. */
  verdict(status: number, body: string): Validity;
}

export interface ValidationRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

export interface ValidationOptions {
  readonly fetch: Fetch;
  readonly validators: readonly SecretValidator[];
}

const answerTime = 10_000;
const answerBytes = 64 * 1024;
/** Different secrets that are asked about in one run. */
const mostRequests = 100;

/** By rule and secret: each is asked about once, one after the other, so that no service is flooded. */
export async function validateSecrets(
  found: readonly FoundSecret[],
  { fetch, validators }: ValidationOptions,
): Promise<ReadonlyMap<FoundSecret, Validity>> {
  const byRule = new Map(validators.flatMap((validator) => validator.rules.map((rule) => [rule, validator] as const)));
  const known = new Map<string, Validity>();
  const results = new Map<FoundSecret, Validity>();
  for (const item of found) {
    const { rule, secret, kind } = item.raw;
    const validator = byRule.get(rule.id);
    if (validator === undefined || kind === 'path') continue;
    const key = `${rule.id}\0${secret}`;
    const answer = known.get(key) ?? (known.size >= mostRequests ? 'unknown' : await ask(validator, secret, fetch));
    known.set(key, answer);
    results.set(item, answer);
  }
  return results;
}

async function ask(validator: SecretValidator, secret: string, fetch: Fetch): Promise<Validity> {
  // What is no header value is no token, and must not become two headers.
  if (!/^[\x21-\x7e]{1,4096}$/.test(secret)) return 'unknown';
  const { url, headers } = validator.request(secret);
  try {
    const response = await fetch(url, {
      method: 'GET',
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(answerTime),
    });
    const body = await beginningOf(response);
    return validator.verdict(response.status, body);
  } catch {
    return 'unknown';
  }
}

async function beginningOf(response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > answerBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A finding with what the service said: an active secret is the worst there is, and a dead one no more than untidy. */
export function withValidity(finding: SecretFinding, validity: Validity | undefined): SecretFinding {
  if (validity === undefined) return finding;
  const tags = [...finding.tags, `validity:${validity}`];
  if (validity === 'active') return { ...finding, tags, severity: 'critical', confidence: 'high' };
  return validity === 'inactive' ? { ...finding, tags, severity: 'low' } : { ...finding, tags };
}

/** 200 says yes, 401 no; anything else (403: a token without that right, 429: too often, 5xx) says nothing. */
function byStatus(status: number): Validity {
  return status === 200 ? 'active' : status === 401 ? 'inactive' : 'unknown';
}

/** For services that others run on servers of their own: a token that the public one refuses may hold there. */
function byStatusOfOne(status: number): Validity {
  return status === 200 ? 'active' : 'unknown';
}

function bearer(url: string): SecretValidator['request'] {
  return (secret) => ({
    url,
    headers: { authorization: `Bearer ${secret}`, accept: 'application/json', 'user-agent': 'landwaiter' },
  });
}

function simple(rules: readonly string[], url: string): SecretValidator {
  return { rules, request: bearer(url), verdict: byStatus };
}

function oneOfMany(rules: readonly string[], url: string): SecretValidator {
  return { rules, request: bearer(url), verdict: byStatusOfOne };
}

/** Services whose documentation names a request that only reads who the caller is. A new one is one entry. */
export const secretValidators: readonly SecretValidator[] = [
  oneOfMany(
    ['github-token', 'github-oauth-token', 'github-user-token', 'github-fine-grained-token'],
    'https://api.github.com/user',
  ),
  {
    rules: ['gitlab-token'],
    request: (secret) => ({
      url: 'https://gitlab.com/api/v4/personal_access_tokens/self',
      headers: { 'private-token': secret },
    }),
    verdict: byStatusOfOne,
  },
  {
    rules: ['slack-bot-token', 'slack-user-token'],
    request: bearer('https://slack.com/api/auth.test'),
    // Slack answers 200 either way and says in the body.
    verdict: (status, body) => {
      if (status !== 200) return 'unknown';
      if (/"ok"\s*:\s*true/.test(body)) return 'active';
      return /"error"\s*:\s*"(?:invalid_auth|account_inactive|token_revoked|token_expired)"/.test(body)
        ? 'inactive'
        : 'unknown';
    },
  },
  simple(['digitalocean-token'], 'https://api.digitalocean.com/v2/account'),
  simple(['openai-key'], 'https://api.openai.com/v1/models'),
  simple(['huggingface-token'], 'https://huggingface.co/api/whoami-v2'),
  oneOfMany(['circleci-token'], 'https://circleci.com/api/v2/me'),
  simple(['hcloud-token'], 'https://api.hetzner.cloud/v1/locations'),
  simple(['linode-token'], 'https://api.linode.com/v4/profile'),
  oneOfMany(['terraform-cloud-token'], 'https://app.terraform.io/api/v2/account/details'),
];
