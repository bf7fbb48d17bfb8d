// SPDX-License-Identifier: Apache-2.0
// A registry client that is set up as docker, podman and skopeo on the same machine are: their credentials, certificates, mirrors and proxies.
import { join } from 'node:path';
import { parseDockerConfig } from '../../formats/oci/docker-config.ts';
import type { RegistryRule } from '../../formats/oci/registries-conf.ts';
import { parseRegistriesConf } from '../../formats/oci/registries-conf.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import { storedFolder } from '../stored-files.ts';
import { certificateLookup } from './certificates.ts';
import type { RegistryClient } from './client.ts';
import { registryClient } from './client.ts';
import { configuredCredentials, credentialFiles, programRunner } from './credentials.ts';
import type { RegistryNames } from './endpoint.ts';
import type { Environment } from './proxy.ts';
import type { HostGates, Pace, RetryOptions } from './retry.ts';
import type { Transport } from './transport.ts';
import { nodeTransport } from './transport.ts';

export interface SystemRegistryOptions {
  readonly environment: Environment;
  /** The user's folder. */
  readonly home: string | undefined;
  /** The root of the file system; another one in tests. */
  readonly root?: string;
  /** PEM texts of authorities trusted for every registry. */
  readonly authorities?: readonly string[];
  /** Registries that may speak plain HTTP or show any certificate, besides those of registries.conf. */
  readonly insecure?: readonly string[];
  /** Docker configurations (JSON) of somebody else, asked before those of this machine. Programs that they name are not run. */
  readonly credentials?: readonly string[];
  readonly perHost?: number;
  readonly limits?: Limits;
  readonly userAgent?: string;
  readonly retry?: RetryOptions;
  /** Who names the registries; `from the user` when absent. */
  readonly names?: RegistryNames;
  /** Shared by clients that differ in their credentials: connections, and how much each host is asked at once. Own ones when absent. */
  readonly shared?: { readonly transport: Transport; readonly gates: HostGates };
}

const stall = 30_000;

/** Certificates and proxies of this machine. `patience` for servers that do not wait as long as people do. */
export function systemTransport(
  { environment, home, root = '/', authorities = [] }: SystemRegistryOptions,
  patience: { readonly stall: number; readonly longest?: number } = { stall },
): Transport {
  const folders = [
    home === undefined ? undefined : join(home, '.config/containers/certs.d'),
    join(root, 'etc/containers/certs.d'),
    join(root, 'etc/docker/certs.d'),
  ];
  const certificatesFor = certificateLookup({
    folders: folders.flatMap((path) => (path === undefined ? [] : storedFolder(path))),
    authorities,
  });
  return nodeTransport({ ...patience, environment, certificatesFor });
}

export const systemPace: Pace = {
  now: () => Date.now(),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: () => Math.random(),
};

/** Throws CONFIG_INVALID when one of the files cannot be read as what it is: a rule that is passed over could have blocked a registry. */
export function systemRegistryClient(options: SystemRegistryOptions): RegistryClient {
  const { environment, home, root = '/', limits = defaultLimits, perHost, userAgent, retry, shared, names } = options;
  const read = (path: string): string | undefined => readText(path, limits.configBytes);
  const given = (options.credentials ?? []).map((text, index) => parseDockerConfig(text, `credentials ${index + 1}`));
  const configs = [
    ...given.map((config) => ({ ...config, helpers: new Map<string, string>(), store: undefined })),
    ...credentialFiles({ environment, home, read }),
  ];
  const rules = withInsecure(registryRules({ environment, home, root }, read), options.insecure ?? []);
  return registryClient({
    transport: shared?.transport ?? systemTransport(options),
    pace: systemPace,
    credentials: configuredCredentials(configs, programRunner(environment)),
    rules,
    limits,
    ...(shared === undefined ? {} : { gates: shared.gates }),
    ...(retry === undefined ? {} : { retry }),
    ...(names === undefined ? {} : { names }),
    ...(perHost === undefined ? {} : { perHost }),
    ...(userAgent === undefined ? {} : { userAgent }),
  });
}

/** Marks every rule and mirror that leads to one of the hosts, and has a rule for each host that has none. */
function withInsecure(rules: readonly RegistryRule[], hosts: readonly string[]): RegistryRule[] {
  const isInsecure = (location: string): boolean => hosts.includes(location.split('/')[0] ?? '');
  const marked = rules.map((rule) => ({
    ...rule,
    insecure: rule.insecure || isInsecure(rule.location ?? rule.prefix),
    mirrors: rule.mirrors.map((mirror) => ({ ...mirror, insecure: mirror.insecure || isInsecure(mirror.location) })),
  }));
  return [...marked, ...hosts.map((prefix) => ({ prefix, insecure: true, blocked: false, mirrors: [] }))];
}

type Places = Pick<SystemRegistryOptions, 'environment' | 'home'> & { readonly root: string };

/** The user's file replaces the machine's; drop-ins come after it and win, the last one first (containers-registries.conf.d(5)). */
function registryRules(
  { environment, home, root }: Places,
  read: (path: string) => string | undefined,
): RegistryRule[] {
  const machine = join(root, 'etc/containers');
  const user = home === undefined ? undefined : join(home, '.config/containers');
  const named = environment['CONTAINERS_REGISTRIES_CONF'];
  const users = user === undefined ? undefined : join(user, 'registries.conf');
  const base = named ?? (users !== undefined && read(users) !== undefined ? users : join(machine, 'registries.conf'));
  const dropIns =
    named !== undefined
      ? []
      : [machine, user].flatMap((folder) => (folder === undefined ? [] : filesIn(join(folder, 'registries.conf.d'))));
  return [base, ...dropIns].toReversed().flatMap((path) => {
    const text = read(path);
    if (text === undefined) return [];
    const { rules, problems } = parseRegistriesConf(text, path);
    const fault = problems.find(({ hidesFindings }) => hidesFindings);
    if (fault !== undefined)
      throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `${path}: ${fault.message}` });
    return rules;
  });
}

function filesIn(folder: string): string[] {
  return storedFolder(folder)
    .list('')
    .filter((name) => name.endsWith('.conf'))
    .map((name) => join(folder, name));
}

function readText(path: string, maximum: number): string | undefined {
  const slash = path.lastIndexOf('/');
  const bytes = storedFolder(path.slice(0, slash + 1) || '.').read(path.slice(slash + 1), maximum);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}
