// SPDX-License-Identifier: Apache-2.0
// Who this program is to a registry: credential files of docker and podman, and the helper programs they name. A helper is started without
// shell, gets the registry's name on standard input, and has a time and a size that it may not exceed.
import { spawn } from 'node:child_process';
import { asObject, asString } from '../../formats/document.ts';
import type { Credential, DockerConfig } from '../../formats/oci/docker-config.ts';
import { credentialKeys, defaultRegistryKey, parseDockerConfig } from '../../formats/oci/docker-config.ts';
import { defaultRegistry } from '../../formats/oci/reference.ts';
import { LandwaiterError, messageOf } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Environment } from './proxy.ts';

export interface FoundCredential {
  readonly credential: Credential | undefined;
  /** Why a place that should have had credentials gave none; told when the registry refuses. */
  readonly remarks: readonly string[];
}

export interface CredentialSource {
  /** Credentials for a repository; none is no error: most images are public. */
  find(registry: string, repository: string): Promise<FoundCredential>;
}

export const anonymous: CredentialSource = { find: async () => ({ credential: undefined, remarks: [] }) };

/** Runs a program with a text on its standard input; resolves with its standard output. Rejects when it fails. */
export type RunProgram = (program: string, input: string) => Promise<string>;

/** Looks through configurations in order; the first that knows the registry wins. */
export function configuredCredentials(configs: readonly DockerConfig[], run: RunProgram): CredentialSource {
  const answers = new Map<string, Promise<Credential | undefined>>();
  const ask = (helper: string, registry: string): Promise<Credential | undefined> => {
    const key = `${helper} ${registry}`;
    const answer = answers.get(key) ?? askHelper(run, helper, registry);
    answers.set(key, answer);
    return answer;
  };
  return {
    find: async (registry, repository) => {
      const remarks: string[] = [];
      for (const config of configs) {
        const helper = config.helpers.get(registry) ?? config.store;
        if (helper !== undefined) {
          try {
            const credential = await ask(helper, registry);
            if (credential !== undefined) return { credential, remarks };
          } catch (error) {
            answers.delete(`${helper} ${registry}`);
            remarks.push(`docker-credential-${helper}: ${messageOf(error)}`);
          }
        }
        const key = credentialKeys(registry, repository).find((name) => config.credentials.has(name));
        if (key !== undefined) return { credential: config.credentials.get(key), remarks };
      }
      return { credential: undefined, remarks };
    },
  };
}

/** Protocol of docker-credential-helpers: `get`, the server on standard input, JSON on standard output; `<token>` marks a refresh token. */
async function askHelper(run: RunProgram, helper: string, registry: string): Promise<Credential | undefined> {
  const server = registry === defaultRegistry ? defaultRegistryKey : registry;
  let text: string;
  try {
    text = await run(`docker-credential-${helper}`, server);
  } catch (error) {
    if (messageOf(error).includes('credentials not found')) return undefined;
    throw error;
  }
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error('the answer is not JSON');
  }
  const [username, secret] = [asString(asObject(answer)?.['Username']), asString(asObject(answer)?.['Secret'])];
  if (username === undefined || secret === undefined || secret === '') return undefined;
  return username === '<token>'
    ? { kind: 'identity-token', token: secret }
    : { kind: 'basic', username, password: secret };
}

const helperTime = 30_000;

/** Starts helpers found through PATH of `environment`. */
export function programRunner(environment: Environment, time = helperTime): RunProgram {
  return (program, input) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, ['get'], {
        env: environment,
        stdio: ['pipe', 'pipe', 'ignore'],
        shell: false,
        windowsHide: true,
      });
      const parts: Buffer[] = [];
      let size = 0;
      const end = (reason: string): void => {
        child.kill('SIGKILL');
        reject(new Error(reason));
      };
      const timer = setTimeout(() => end(`no answer within ${time / 1_000} s`), time);
      child.stdout.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > defaultLimits.registryAnswerBytes) end('the answer is too long');
        else parts.push(chunk);
      });
      child.on('error', (cause) => {
        clearTimeout(timer);
        reject(
          new Error('ENOENT' === (cause as NodeJS.ErrnoException).code ? 'is not installed' : cause.message, { cause }),
        );
      });
      child.on('close', (code) => {
        clearTimeout(timer);
        const text = Buffer.concat(parts).toString('utf8');
        if (code === 0) resolve(text);
        // Helpers tell what went wrong on standard output; only the first words, since it could be anything.
        else
          reject(
            new Error(text.includes('credentials not found') ? 'credentials not found' : `ended with status ${code}`),
          );
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(`${input}\n`);
    });
}

export interface CredentialFiles {
  readonly environment: Environment;
  /** The user's folder. */
  readonly home: string | undefined;
  /** Undefined when there is no such file. */
  readonly read: (path: string) => string | undefined;
}

/** Places of credential files, the first one first: named by the environment, then podman's, then docker's. */
export function credentialFiles({ environment, home, read }: CredentialFiles): readonly DockerConfig[] {
  const named = environment['REGISTRY_AUTH_FILE'];
  const docker = environment['DOCKER_CONFIG'];
  const runtime = environment['XDG_RUNTIME_DIR'];
  const places = [
    named,
    docker === undefined ? undefined : `${docker}/config.json`,
    runtime === undefined ? undefined : `${runtime}/containers/auth.json`,
    home === undefined ? undefined : `${home}/.config/containers/auth.json`,
    home === undefined || docker !== undefined ? undefined : `${home}/.docker/config.json`,
  ];
  return places.flatMap((place) => {
    if (place === undefined || place === '') return [];
    const text = read(place);
    if (text === undefined) {
      if (place !== named) return [];
      throw new LandwaiterError({
        code: 'CONFIG_INVALID',
        message: `${place}, named by REGISTRY_AUTH_FILE, does not exist`,
      });
    }
    const config = parseDockerConfig(text, place);
    const fault = config.problems.find(({ kind }) => kind === 'syntax');
    if (fault !== undefined)
      throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `${place}: ${fault.message}` });
    return [config];
  });
}
