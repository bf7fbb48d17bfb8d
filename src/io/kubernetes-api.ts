// SPDX-License-Identifier: Apache-2.0
// One object of a Kubernetes cluster at a time, over its HTTP interface: read, create, replace. The cluster and the credentials are those of kubectl
// on this machine, or of the pod that this program runs in.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ClusterAccess, PemSource } from '../formats/kubeconfig.ts';
import { parseKubeconfig } from '../formats/kubeconfig.ts';
import { LandwaiterError } from '../model/error.ts';
import { defaultLimits } from '../model/limits.ts';
import { reasonOf } from './disk.ts';
import type { Environment } from './registry/proxy.ts';
import type { HostCertificates, Transport } from './registry/transport.ts';
import type { ServiceAnswer, ServiceClient } from './service.ts';
import { serviceClient } from './service.ts';

export interface KubernetesApi {
  /** `/api/v1/namespaces/shop/secrets/key`. Statuses are the caller's business. */
  get(path: string): Promise<ServiceAnswer>;
  create(path: string, object: unknown): Promise<ServiceAnswer>;
  replace(path: string, object: unknown): Promise<ServiceAnswer>;
  /** For messages. */
  readonly server: string;
}

export interface ClusterPlace {
  readonly environment: Environment;
  readonly home: string | undefined;
  /** Where a pod finds its own credentials; another folder in tests. */
  readonly podFolder?: string;
  /** Makes a transport that shows and trusts these certificates. */
  readonly transport: (certificates: HostCertificates, verification: ClusterAccess['verification']) => Transport;
}

const what = 'the cluster';

/** KUBECONFIG, else ~/.kube/config, else the pod's own service account. Throws CONFIG_INVALID. */
export function openCluster(place: ClusterPlace): KubernetesApi {
  const { access, folder } = findAccess(place);
  const certificates: HostCertificates = {
    ...(access.authority === undefined ? {} : { authorities: [pemOf(access.authority, folder)] }),
    ...(access.client === undefined
      ? {}
      : {
          client: {
            certificate: pemOf(access.client.certificate, folder),
            key: pemOf(access.client.key, folder),
          },
        }),
  };
  const client = serviceClient(place.transport(certificates, access.verification));
  const token = access.token === undefined ? undefined : pemOf(access.token, folder).trim();
  return clusterApi(client, access.server, token);
}

/** The interface of the cluster at an address. */
export function clusterApi(client: ServiceClient, server: string, token: string | undefined): KubernetesApi {
  const base = server.replace(/\/$/, '');
  const headers = {
    accept: 'application/json',
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const send = (method: 'POST' | 'PUT', path: string, object: unknown): Promise<ServiceAnswer> =>
    client.ask({ method, url: new URL(base + path), headers, what, body: Buffer.from(JSON.stringify(object)) });
  return {
    server: new URL(base).origin,
    get: (path) => client.ask({ method: 'GET', url: new URL(base + path), headers, what }),
    create: (path, object) => send('POST', path, object),
    replace: (path, object) => send('PUT', path, object),
  };
}

interface FoundAccess {
  readonly access: ClusterAccess;
  /** Files in a configuration are relative to it. */
  readonly folder: string;
}

function findAccess({
  environment,
  home,
  podFolder = '/var/run/secrets/kubernetes.io/serviceaccount',
}: ClusterPlace): FoundAccess {
  const listed = environment['KUBECONFIG']?.split(':').find((part) => part !== '');
  const usual = home === undefined ? undefined : join(home, '.kube', 'config');
  for (const path of [listed, usual]) {
    const text = path === undefined ? undefined : readText(path, path === listed ? 'required' : 'optional');
    if (path === undefined || text === undefined) continue;
    const access = parseKubeconfig(text, path);
    if (access.kind === 'malformed')
      throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `${path}: ${access.reason}` });
    return { access: access.value, folder: dirname(resolve(path)) };
  }
  const host = environment['KUBERNETES_SERVICE_HOST'];
  if (host === undefined || host === '') {
    const message = 'no cluster is configured';
    throw new LandwaiterError({ code: 'CONFIG_INVALID', message, hint: 'set KUBECONFIG, or run in a pod' });
  }
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    access: {
      server: `https://${name}:${environment['KUBERNETES_SERVICE_PORT'] ?? '443'}`,
      authority: { file: join(podFolder, 'ca.crt') },
      verification: 'on',
      client: undefined,
      token: { file: join(podFolder, 'token') },
      namespace: 'default',
    },
    folder: podFolder,
  };
}

function pemOf(source: PemSource, folder: string): string {
  return 'text' in source ? source.text : (readText(resolve(folder, source.file), 'required') ?? '');
}

function readText(path: string, presence: 'required' | 'optional'): string | undefined {
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= defaultLimits.configBytes) return bytes.toString('utf8');
    throw new LandwaiterError({
      code: 'LIMIT_EXCEEDED',
      message: `${path} is larger than ${defaultLimits.configBytes}`,
    });
  } catch (cause) {
    if (cause instanceof LandwaiterError) throw cause;
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isAbsent && presence === 'optional') return undefined;
    throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `${path} cannot be read: ${reasonOf(cause)}`, cause });
  }
}
