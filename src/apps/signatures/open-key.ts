// SPDX-License-Identifier: Apache-2.0
// From what was typed behind --key to somebody who signs: a file, an environment variable, a Secret of a cluster, a key store, a plugin. Passwords come
// from a file, the environment or the terminal, never from the command line.
import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import type { ClusterAccess } from '../../formats/kubeconfig.ts';
import { formatPem } from '../../formats/pem.ts';
import { parsePrivateKey } from '../../formats/private-key.ts';
import { localDisk } from '../../io/disk.ts';
import type { KubernetesApi } from '../../io/kubernetes-api.ts';
import { openCluster } from '../../io/kubernetes-api.ts';
import type { AskPassword } from '../../io/password-prompt.ts';
import type { HostCertificates, Transport } from '../../io/registry/transport.ts';
import { nodeTransport } from '../../io/registry/transport.ts';
import { serviceClient } from '../../io/service.ts';
import { parseSecretName, readKeyPair } from '../../io/signing/kubernetes-secret.ts';
import { pluginSigner } from '../../io/signing/plugin-key.ts';
import type { Signer } from '../../io/signing/signer.ts';
import { localSigner } from '../../io/signing/signer.ts';
import { vaultSigner } from '../../io/signing/vault-key.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import { programCluster } from './program-cluster.ts';

export interface KeySurroundings {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** File that holds the password, instead of environment and terminal. */
  readonly passwordFile?: string;
  readonly askPassword: AskPassword;
  /** Whether a program that a kubectl configuration names may be run for credentials; refused when absent. */
  readonly programs?: 'allowed';
}

const passwordVariables = ['LANDWAITER_PASSWORD', 'COSIGN_PASSWORD'] as const;
const stall = 30_000;

/** Opens the key behind a reference. Throws USAGE, KEY_PASSWORD, KEY_UNREADABLE, CONFIG_INVALID, NETWORK_FAILED, PROGRAM_FAILED. */
export async function openSigner(reference: string, surroundings: KeySurroundings): Promise<Signer> {
  const [scheme, rest] = splitReference(reference);
  if (scheme === undefined) return localSigner(await openKeyFile(rest, surroundings), reference);
  if (scheme === 'env') return localSigner(await openVariable(rest, surroundings), reference);
  if (scheme === 'k8s') return localSigner(await openSecret(rest, surroundings), reference);
  if (scheme === 'hashivault' || scheme === 'openbao') return openVault(scheme, rest, surroundings);
  if (scheme === 'http' || scheme === 'https')
    throw new LandwaiterError({ code: 'USAGE', message: 'private keys are not fetched from addresses' });
  return pluginSigner({ plugin: scheme, key: rest, environment: surroundings.environment });
}

/** `hashivault://name` -> `hashivault`, `name`; a path has no scheme. */
export function splitReference(reference: string): readonly [scheme: string | undefined, rest: string] {
  const found = /^([a-z][a-z0-9-]{0,63}):\/\/(.+)$/.exec(reference);
  const [scheme, rest] = [found?.[1], found?.[2]];
  if (scheme === undefined || rest === undefined) return [undefined, reference];
  return scheme === 'file' ? [undefined, rest] : [scheme, rest];
}

/** The private key of a file that must be of a kind that is signed with later. Throws KEY_UNREADABLE, KEY_PASSWORD. */
export async function openKeyFile(path: string, surroundings: KeySurroundings): Promise<KeyObject> {
  const result = localDisk.read(resolve(surroundings.cwd, path), defaultLimits.privateKeyBytes);
  if (result.kind !== 'bytes') {
    const reason = result.kind === 'unreadable' ? result.reason : `larger than ${defaultLimits.privateKeyBytes} bytes`;
    throw new LandwaiterError({ code: 'KEY_UNREADABLE', message: `key ${path}: ${reason}` });
  }
  return openText(Buffer.from(result.bytes).toString('latin1'), { name: path, surroundings });
}

async function openVariable(name: string, surroundings: KeySurroundings): Promise<KeyObject> {
  const text = surroundings.environment[name];
  if (text === undefined || text === '')
    throw new LandwaiterError({ code: 'KEY_UNREADABLE', message: `the environment variable ${name} is not set` });
  return openText(text, { name: `env://${name}`, surroundings });
}

interface NamedKey {
  readonly name: string;
  readonly surroundings: KeySurroundings;
  /** One that lies beside the key. */
  readonly password?: Buffer | undefined;
}

async function openText(text: string, { name, surroundings, password }: NamedKey): Promise<KeyObject> {
  const file = parsePrivateKey(text);
  if (file.kind === 'malformed')
    throw new LandwaiterError({ code: 'KEY_UNREADABLE', message: `key ${name}: ${file.reason}` });
  if (file.value.kind === 'plain') return file.value.key;
  const opened = file.value.open(password ?? (await passwordOf(surroundings, `Password of ${name}: `, name)));
  if (opened === undefined)
    throw new LandwaiterError({
      code: 'KEY_PASSWORD',
      message: `key ${name}: the password is wrong, or the file was changed`,
    });
  if (opened.kind === 'parsed') return opened.value;
  throw new LandwaiterError({ code: 'KEY_UNREADABLE', message: `key ${name}: ${opened.reason}` });
}

/** Password file, else environment (which may hold an empty one on purpose), else terminal. Throws KEY_PASSWORD. */
export async function passwordOf(surroundings: KeySurroundings, question: string, name: string): Promise<Buffer> {
  const { environment, passwordFile, askPassword, cwd } = surroundings;
  if (passwordFile !== undefined) {
    const result = localDisk.read(resolve(cwd, passwordFile), 4_096);
    if (result.kind !== 'bytes')
      throw new LandwaiterError({ code: 'KEY_PASSWORD', message: `the password file ${passwordFile} cannot be read` });
    // Editors end a file with a line break that nobody typed.
    return Buffer.from(
      Buffer.from(result.bytes)
        .toString('utf8')
        .replace(/\r?\n$/, ''),
    );
  }
  const variable = passwordVariables.find((item) => environment[item] !== undefined);
  if (variable !== undefined) return Buffer.from(environment[variable] ?? '');
  const typed = await askPassword(question);
  if (typed !== undefined) return typed;
  throw new LandwaiterError({
    code: 'KEY_PASSWORD',
    message: `key ${name} needs a password, and there is no terminal to ask on`,
    hint: `set ${passwordVariables.join(' or ')}, or name a file with --password-file`,
  });
}

async function openSecret(rest: string, surroundings: KeySurroundings): Promise<KeyObject> {
  const secret = parseSecretName(rest);
  if (secret === undefined) throw secretUsage(rest);
  const pair = await readKeyPair(clusterOf(surroundings), secret);
  const name = `k8s://${rest}`;
  if (pair.privateKey === undefined)
    throw new LandwaiterError({ code: 'KEY_UNREADABLE', message: `${name}: the Secret holds no cosign.key` });
  return openText(pair.privateKey, { name, surroundings, password: pair.password });
}

/** The public half of a key that a Secret, a key store or a plugin keeps, as PEM. No password is asked for. */
export async function keeperPublicKey(reference: string, surroundings: KeySurroundings): Promise<string> {
  const [scheme, rest] = splitReference(reference);
  if (scheme !== 'k8s')
    return formatPem({ label: 'PUBLIC KEY', bytes: (await openSigner(reference, surroundings)).publicKey });
  const secret = parseSecretName(rest);
  if (secret === undefined) throw secretUsage(rest);
  const { publicKey } = await readKeyPair(clusterOf(surroundings), secret);
  if (publicKey !== undefined) return publicKey;
  throw new LandwaiterError({ code: 'KEY_UNREADABLE', message: `${reference}: the Secret holds no cosign.pub` });
}

export function secretUsage(rest: string): LandwaiterError {
  return new LandwaiterError({
    code: 'USAGE',
    message: `k8s://${rest}: a namespace and a name are required, k8s://shop/key`,
  });
}

/** The cluster of kubectl, or of the pod this runs in. */
export function clusterOf({ environment, programs }: Pick<KeySurroundings, 'environment' | 'programs'>): KubernetesApi {
  if (programs === 'allowed') return programCluster(environment);
  const transport = (certificates: HostCertificates, verification: ClusterAccess['verification']): Transport => {
    const base = nodeTransport({ stall, environment, certificatesFor: () => certificates });
    if (verification === 'on') return base;
    return { ...base, send: (request) => base.send({ ...request, certificates: 'unverified' }) };
  };
  return openCluster({ environment, home: environment['HOME'], transport });
}

async function openVault(
  scheme: 'hashivault' | 'openbao',
  key: string,
  { environment }: KeySurroundings,
): Promise<Signer> {
  const prefix = scheme === 'hashivault' ? 'VAULT' : 'BAO';
  const address = environment[`${prefix}_ADDR`];
  const token = environment[`${prefix}_TOKEN`] ?? tokenFile(environment['HOME']);
  if (address === undefined || !URL.canParse(address))
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: `${scheme}://${key}: ${prefix}_ADDR is not set to an address`,
    });
  if (token === undefined || token === '')
    throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `${scheme}://${key}: ${prefix}_TOKEN is not set` });
  if (!/^[A-Za-z0-9_.-]{1,200}$/.test(key))
    throw new LandwaiterError({
      code: 'USAGE',
      message: `${scheme}://${key.slice(0, 200)}: the name of a key is required`,
    });
  const mount = environment['TRANSIT_SECRET_ENGINE_PATH'] ?? 'transit';
  const client = serviceClient(nodeTransport({ stall, environment, certificatesFor: () => undefined }));
  return vaultSigner(client, { scheme, key, address, token, mount });
}

/** Where `vault login` leaves it. */
function tokenFile(home: string | undefined): string | undefined {
  const result = home === undefined ? undefined : localDisk.read(resolve(home, '.vault-token'), 4_096);
  return result?.kind === 'bytes' ? Buffer.from(result.bytes).toString('utf8').trim() : undefined;
}
