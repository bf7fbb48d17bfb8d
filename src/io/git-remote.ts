// SPDX-License-Identifier: Apache-2.0
// Asks a repository on a server which commits its branches and tags stand for (git ls-remote). Fetches nothing, runs nothing of the repository, asks nobody for
// a password.
import { spawn } from 'node:child_process';
import { LandwaiterError } from '../model/error.ts';

const mostBytes = 64 * 1024 * 1024;
const longest = 60_000;

/** Full names of references (`refs/tags/v4`) to commits; annotated tags are peeled. Throws GIT_FAILED, also when it takes longer than a minute. */
export async function listRemoteReferences(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<string, string>> {
  const scheme = /^(https|http|file):\/\/[^\s-][^\s]*$/.exec(url)?.[1];
  if (scheme === undefined)
    throw new LandwaiterError({ code: 'GIT_FAILED', message: `${url} is no address of a repository` });
  const out = await run(
    [
      '-c',
      'protocol.allow=never',
      '-c',
      `protocol.${scheme}.allow=always`,
      '-c',
      'core.hooksPath=/dev/null',
      '-c',
      'credential.interactive=false',
      'ls-remote',
      '--heads',
      '--tags',
      '--',
      url,
    ],
    { url, environment },
  );
  const references = new Map<string, string>();
  for (const line of out.split('\n')) {
    const [commit = '', name = ''] = line.split('\t');
    if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) || !name.startsWith('refs/')) continue;
    // `refs/tags/v1^{}` is the commit behind the tag object `refs/tags/v1`, and comes after it.
    references.set(name.replace(/\^\{\}$/, ''), commit);
  }
  return references;
}

interface Asking {
  readonly url: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

function run(args: readonly string[], { url, environment }: Asking): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...environment, GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: 'true', LC_ALL: 'C' };
    const child = spawn('git', args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: longest });
    const chunks: Buffer[] = [];
    let size = 0;
    let errors = '';
    const fail = (reason: string, cause?: unknown): void =>
      reject(new LandwaiterError({ code: 'GIT_FAILED', message: `could not ask ${url}: ${reason}`, cause }));
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= mostBytes) chunks.push(chunk);
      else child.kill();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errors.length < 2000) errors += chunk.toString('utf8');
    });
    child.on('error', (cause) => fail('git cannot be started', cause));
    child.on('close', (code) =>
      code === 0
        ? resolve(Buffer.concat(chunks).toString('utf8'))
        : fail(errors.trim().split('\n').at(-1) ?? `git ended with status ${code}`),
    );
  });
}
