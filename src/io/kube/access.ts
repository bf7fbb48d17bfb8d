// SPDX-License-Identifier: Apache-2.0
// Which cluster, and as whom: a configuration of kubectl (one file, those of KUBECONFIG, the usual place) or the service account of the pod that this
// program runs in. Reads files and nothing else.
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { ClusterAccess, KubeconfigFile, PemSource } from '../../formats/kubeconfig.ts';
import { parseKubeconfigFiles } from '../../formats/kubeconfig.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import { reasonOf } from '../disk.ts';
import type { Environment } from '../registry/proxy.ts';

export interface AccessOptions {
  readonly environment: Environment;
  readonly home: string | undefined;
  /** A configuration named by the user; then no other is looked for. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** `pod`: only the service account of this pod. */
  readonly from?: 'anywhere' | 'pod';
  /** Whether programs that a configuration names may be run for credentials (`exec`). Refused unless told: a configuration is foreign input. */
  readonly programs?: 'refused' | 'allowed';
  /** Whether a server may be asked whose certificate is not checked, or without TLS beyond this machine. Refused unless told. */
  readonly insecure?: 'refused' | 'allowed';
  /** Where a pod finds its own credentials; another folder in tests. */
  readonly podFolder?: string;
}

/** Throws CONFIG_INVALID, with the file and what is wrong with it. */
export function findClusterAccess(options: AccessOptions): ClusterAccess {
  const access = unchecked(options);
  if (options.insecure === 'allowed') return access;
  const { protocol, hostname, origin } = new URL(access.server);
  const isLocal = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (access.verification === 'off' || (protocol === 'http:' && !isLocal))
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: `the configuration leaves out the check of who ${origin} is`,
      hint: 'give certificate-authority-data, or allow an insecure cluster explicitly',
    });
  return access;
}

function unchecked(options: AccessOptions): ClusterAccess {
  if (options.from === 'pod') return podAccess(options);
  const files = configurationFiles(options);
  if (files.length > 0) {
    const parsed = parseKubeconfigFiles(files, {
      programs: options.programs === 'allowed' ? 'named' : 'refused',
      ...(options.context === undefined ? {} : { context: options.context }),
    });
    if (parsed.kind === 'parsed') return parsed.value;
    const message = `${files.map(({ path }) => path).join(', ')}: ${parsed.reason}`;
    throw new LandwaiterError({ code: 'CONFIG_INVALID', message });
  }
  return podAccess(options);
}

/** Files that KUBECONFIG lists may be absent, as kubectl has it; one that the user names may not. */
function configurationFiles({ environment, home, kubeconfig }: AccessOptions): readonly KubeconfigFile[] {
  if (kubeconfig !== undefined) return [{ path: kubeconfig, text: readText(kubeconfig) }];
  const listed = (environment['KUBECONFIG'] ?? '').split(':').filter((path) => path !== '');
  const usual = home === undefined ? [] : [join(home, '.kube', 'config')];
  return (listed.length > 0 ? listed : usual).flatMap((path) => {
    const text = readOptionalText(path);
    return text === undefined ? [] : [{ path, text }];
  });
}

function podAccess({
  environment,
  podFolder = '/var/run/secrets/kubernetes.io/serviceaccount',
}: AccessOptions): ClusterAccess {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? '';
  if (host === '')
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: 'no cluster is configured',
      hint: 'set KUBECONFIG, or run in a pod',
    });
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    server: `https://${name}:${environment['KUBERNETES_SERVICE_PORT'] || '443'}`,
    authority: { file: join(podFolder, 'ca.crt') },
    verification: 'on',
    client: undefined,
    token: { file: join(podFolder, 'token') },
    namespace: readOptionalText(join(podFolder, 'namespace'))?.trim() || 'default',
  };
}

/** The text itself, or that of the file. Throws CONFIG_INVALID. */
export function sourceText(source: PemSource): string {
  return 'text' in source ? source.text : readText(resolveBeside(source.file, source.from));
}

/** A path in a configuration file is relative to that file. */
export function resolveBeside(path: string, from: string | undefined): string {
  return isAbsolute(path) || from === undefined ? path : resolve(dirname(resolve(from)), path);
}

function readText(path: string): string {
  const text = readOptionalText(path);
  if (text !== undefined) return text;
  throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `${path} does not exist` });
}

function readOptionalText(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= defaultLimits.configBytes) return bytes.toString('utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `${path} cannot be read: ${reasonOf(cause)}`, cause });
  }
  throw new LandwaiterError({ code: 'LIMIT_EXCEEDED', message: `${path} is larger than ${defaultLimits.configBytes}` });
}
