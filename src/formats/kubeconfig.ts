// SPDX-License-Identifier: Apache-2.0
// kubectl's configuration file (client-go tools/clientcmd/api/v1): where the cluster of the current context is, whom it trusts, and what this program
// shows. Programs that print credentials (`exec`, `auth-provider`) are named, not run.
import { decodeBase64 } from './base64.ts';
import type { JsonObject } from './document.ts';
import { asArray, asObject, asString } from './document.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';
import { parseYamlDocument } from './yaml.ts';

/** A PEM text, or the file that holds it. */
export type PemSource = { readonly text: string } | { readonly file: string };

export interface ClusterAccess {
  readonly server: string;
  readonly authority: PemSource | undefined;
  readonly verification: 'on' | 'off';
  readonly client: { readonly certificate: PemSource; readonly key: PemSource } | undefined;
  readonly token: { readonly text: string } | { readonly file: string } | undefined;
  /** Of the context; `default` when it names none. */
  readonly namespace: string;
}

/** Reads the current context, or another one by name. */
export function parseKubeconfig(text: string, path: string, context?: string): Parsed<ClusterAccess> {
  return parsing(() => {
    const { value, problems } = parseYamlDocument(text, path);
    const fault = problems[0];
    if (fault !== undefined) malformed(fault.message);
    const root = asObject(value) ?? malformed('not a kubectl configuration');
    const name = context ?? asString(root['current-context']) ?? '';
    const chosen = named(root, 'contexts', { name, member: 'context' });
    const cluster = named(root, 'clusters', { name: asString(chosen['cluster']) ?? '', member: 'cluster' });
    const user = named(root, 'users', { name: asString(chosen['user']) ?? '', member: 'user' });
    if (user['exec'] !== undefined || user['auth-provider'] !== undefined)
      malformed(
        'the user of the context gets credentials from a program, which is not run; use a token or a certificate',
      );
    const server = asString(cluster['server']) ?? '';
    if (!URL.canParse(server) || !/^https?:/.test(server)) malformed('clusters.cluster.server: an address is required');
    const certificate = pemSource(user, 'client-certificate');
    const key = pemSource(user, 'client-key');
    return {
      server,
      authority: pemSource(cluster, 'certificate-authority'),
      verification: cluster['insecure-skip-tls-verify'] === true ? 'off' : 'on',
      client: certificate === undefined || key === undefined ? undefined : { certificate, key },
      token: tokenOf(user),
      namespace: asString(chosen['namespace']) ?? 'default',
    };
  });
}

interface Named {
  readonly name: string;
  readonly member: string;
}

function named(root: JsonObject, list: string, { name, member }: Named): JsonObject {
  const entry = asArray(root[list])
    .map(asObject)
    .find((item) => item?.['name'] === name);
  return asObject(entry?.[member]) ?? malformed(`${list}: there is no "${name.slice(0, 100)}"`);
}

/** The data member wins over the file, as client-go has it. */
function pemSource(object: JsonObject, name: string): PemSource | undefined {
  const data = asString(object[`${name}-data`]);
  if (data !== undefined) {
    const bytes = decodeBase64(data);
    return bytes === undefined ? malformed(`${name}-data: base64 is required`) : { text: bytes.toString('utf8') };
  }
  const file = asString(object[name]);
  return file === undefined || file === '' ? undefined : { file };
}

function tokenOf(user: JsonObject): ClusterAccess['token'] {
  const text = asString(user['token']);
  if (text !== undefined && text !== '') return { text };
  const file = asString(user['tokenFile']);
  return file === undefined ? undefined : { file };
}
