// SPDX-License-Identifier: Apache-2.0
// kubectl's configuration files (client-go tools/clientcmd/api/v1): where the cluster of the current context is, whom it trusts, and what this program
// shows. Several files are one, as KUBECONFIG lists them. Programs that print credentials (`exec`) are named, not run.
import { decodeBase64 } from './base64.ts';
import type { JsonObject } from './document.ts';
import { asArray, asObject, asString, asStrings } from './document.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';
import { parseYamlDocument } from './yaml.ts';

/** A PEM text, or the file that holds it: relative to the configuration file `from`. */
export type PemSource = { readonly text: string } | { readonly file: string; readonly from?: string };

export interface ClusterAccess {
  readonly server: string;
  readonly authority: PemSource | undefined;
  readonly verification: 'on' | 'off';
  /** Name in the server's certificate, where it is not that of the address. */
  readonly serverName?: string;
  readonly client: { readonly certificate: PemSource; readonly key: PemSource } | undefined;
  readonly token: PemSource | undefined;
  /** Prints the credentials; only where the reader asked for it. */
  readonly program?: CredentialProgram;
  /** Whom the requests are made for (`as`). */
  readonly impersonation?: Impersonation;
  /** Of the context; `default` when it names none. */
  readonly namespace: string;
}

export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
}

/** `users.user.exec` (client.authentication.k8s.io). */
export interface CredentialProgram {
  readonly apiVersion: string;
  /** A name that is looked up in PATH, or a path relative to the configuration file `from`. */
  readonly command: string;
  readonly from: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly provideClusterInfo: boolean;
  /** `Never`, `IfAvailable`, `Always`. */
  readonly interactiveMode: string;
}

export interface KubeconfigFile {
  readonly text: string;
  readonly path: string;
}

export interface KubeconfigOptions {
  /** Absent: `current-context`. */
  readonly context?: string;
  /** `refused`: a user who gets credentials from a program makes the configuration unusable. */
  readonly programs: 'refused' | 'named';
}

/** Reads the current context, or another one by name. */
export function parseKubeconfig(text: string, path: string, context?: string): Parsed<ClusterAccess> {
  return parseKubeconfigFiles([{ text, path }], {
    programs: 'refused',
    ...(context === undefined ? {} : { context }),
  });
}

/** What several files name belongs to the first that names it, as client-go has it. */
export function parseKubeconfigFiles(
  files: readonly KubeconfigFile[],
  options: KubeconfigOptions,
): Parsed<ClusterAccess> {
  return parsing(() => {
    const roots = files.map(({ text, path }): Root => {
      const { value, problems } = parseYamlDocument(text, path);
      const fault = problems[0];
      if (fault !== undefined) malformed(fault.message);
      return { path, object: asObject(value) ?? malformed('not a kubectl configuration') };
    });
    const currents = roots.map(({ object }) => asString(object['current-context']) ?? '');
    const name = options.context ?? currents.find((current) => current !== '') ?? '';
    const chosen = named(roots, 'contexts', { name, member: 'context' }).object;
    const cluster = named(roots, 'clusters', { name: asString(chosen['cluster']) ?? '', member: 'cluster' });
    const user = named(roots, 'users', { name: asString(chosen['user']) ?? '', member: 'user' });
    return accessOf(cluster, user, { namespace: asString(chosen['namespace']) || 'default', options });
  });
}

/** An object and the file that it stands in. */
interface Root {
  readonly object: JsonObject;
  readonly path: string;
}

interface Chosen {
  readonly namespace: string;
  readonly options: KubeconfigOptions;
}

function accessOf(cluster: Root, user: Root, { namespace, options }: Chosen): ClusterAccess {
  const hasProgram = user.object['exec'] !== undefined;
  if (user.object['auth-provider'] !== undefined || (hasProgram && options.programs === 'refused'))
    malformed(
      'the user of the context gets credentials from a program, which is not run; use a token or a certificate',
    );
  const server = asString(cluster.object['server']) ?? '';
  if (!URL.canParse(server) || !/^https?:/.test(server)) malformed('clusters.cluster.server: an address is required');
  const certificate = pemSource(user, 'client-certificate');
  const key = pemSource(user, 'client-key');
  const serverName = asString(cluster.object['tls-server-name']);
  const impersonated = asString(user.object['as']);
  return {
    server,
    authority: pemSource(cluster, 'certificate-authority'),
    verification: cluster.object['insecure-skip-tls-verify'] === true ? 'off' : 'on',
    ...(serverName === undefined || serverName === '' ? {} : { serverName }),
    client: certificate === undefined || key === undefined ? undefined : { certificate, key },
    token: tokenOf(user),
    ...(hasProgram ? { program: programOf(user) } : {}),
    ...(impersonated === undefined || impersonated === ''
      ? {}
      : { impersonation: { user: impersonated, groups: asStrings(user.object['as-groups']) } }),
    namespace,
  };
}

interface Named {
  readonly name: string;
  readonly member: string;
}

function named(roots: readonly Root[], list: string, { name, member }: Named): Root {
  for (const { object, path } of roots) {
    const entry = asArray(object[list])
      .map(asObject)
      .find((item) => item?.['name'] === name);
    const value = asObject(entry?.[member]);
    if (value !== undefined) return { object: value, path };
  }
  return malformed(`${list}: there is no "${name.slice(0, 100)}"`);
}

/** The data member wins over the file, as client-go has it. */
function pemSource({ object, path }: Root, name: string): PemSource | undefined {
  const data = asString(object[`${name}-data`]);
  if (data !== undefined && data !== '') {
    const bytes = decodeBase64(data);
    return bytes === undefined ? malformed(`${name}-data: base64 is required`) : { text: bytes.toString('utf8') };
  }
  const file = asString(object[name]);
  return file === undefined || file === '' ? undefined : { file, from: path };
}

/** The file wins over the text: that is how client-go keeps long runs going when the file is renewed. */
function tokenOf({ object, path }: Root): PemSource | undefined {
  const file = asString(object['tokenFile']);
  if (file !== undefined && file !== '') return { file, from: path };
  const text = asString(object['token']);
  return text === undefined || text === '' ? undefined : { text };
}

function programOf({ object, path }: Root): CredentialProgram {
  const exec = asObject(object['exec']);
  const command = asString(exec?.['command']) ?? '';
  if (command === '') malformed('users.user.exec.command: a program is required');
  const pairs = asArray(exec?.['env']).map(asObject);
  return {
    apiVersion: asString(exec?.['apiVersion']) ?? '',
    command,
    from: path,
    arguments: asStrings(exec?.['args']),
    environment: Object.fromEntries(
      pairs.map((pair) => [asString(pair?.['name']) ?? '', asString(pair?.['value']) ?? '']),
    ),
    provideClusterInfo: exec?.['provideClusterInfo'] === true,
    interactiveMode: asString(exec?.['interactiveMode']) ?? 'IfAvailable',
  };
}
