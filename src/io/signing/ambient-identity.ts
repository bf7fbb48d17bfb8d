// SPDX-License-Identifier: Apache-2.0
// Identity tokens that the surroundings of a build give: GitHub Actions, GitLab CI (and whoever sets SIGSTORE_ID_TOKEN), and service accounts of
// Kubernetes with a projected token. Tokens are handed on, never shown.
import { readFileSync } from 'node:fs';
import { asObject, asString } from '../../formats/document.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { ServiceClient } from '../service.ts';
import { refusedBy } from '../service.ts';

export interface AmbientPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly audience: string;
  /** Files that may hold a projected token; others in tests. */
  readonly tokenFiles?: readonly string[];
}

export interface AmbientIdentity {
  /** `GitHub Actions`, for messages. */
  readonly source: string;
  token(client: ServiceClient): Promise<string>;
}

/** Where Cosign looks first, and the place that the Kubernetes documentation shows for an audience of its own. */
const usualTokenFiles = ['/var/run/sigstore/cosign/oidc-token', '/var/run/secrets/tokens/sigstore'];

/** Undefined when nothing here gives one. Nobody is asked before `token` is called. */
export function findAmbientIdentity(place: AmbientPlace): AmbientIdentity | undefined {
  const { environment, audience, tokenFiles = usualTokenFiles } = place;
  const ready = environment['SIGSTORE_ID_TOKEN'];
  if (ready !== undefined && ready !== '')
    return {
      source: environment['GITLAB_CI'] === 'true' ? 'GitLab CI (SIGSTORE_ID_TOKEN)' : 'SIGSTORE_ID_TOKEN',
      token: async () => ready,
    };
  const [url, secret] = [environment['ACTIONS_ID_TOKEN_REQUEST_URL'], environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN']];
  if (url !== undefined && secret !== undefined && URL.canParse(url))
    return { source: 'GitHub Actions', token: (client) => askGithub(client, { url, secret, audience }) };
  for (const file of tokenFiles) {
    const token = readToken(file);
    if (token !== undefined) return { source: `service account of Kubernetes (${file})`, token: async () => token };
  }
  return undefined;
}

interface GithubQuestion {
  readonly url: string;
  readonly secret: string;
  readonly audience: string;
}

async function askGithub(client: ServiceClient, { url, secret, audience }: GithubQuestion): Promise<string> {
  const address = new URL(url);
  address.searchParams.set('audience', audience);
  const question = {
    method: 'GET',
    url: address,
    what: 'the token service of GitHub Actions',
    headers: { authorization: `bearer ${secret}`, accept: 'application/json' },
  } as const;
  const answer = await client.ask(question);
  if (answer.status !== 200) throw refusedBy(question, answer);
  let token: string | undefined;
  try {
    token = asString(asObject(JSON.parse(answer.body.toString('utf8')))?.['value']);
  } catch {
    token = undefined;
  }
  if (token !== undefined && token !== '') return token;
  throw new LandwaiterError({
    code: 'SIGNING_FAILED',
    message: 'the token service of GitHub Actions gave no token',
    hint: 'the job needs the permission "id-token: write"',
  });
}

const tokenBytes = 64 * 1024;

function readToken(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' || text.length > tokenBytes ? undefined : text;
  } catch {
    return undefined;
  }
}
