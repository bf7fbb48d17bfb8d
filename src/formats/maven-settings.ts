// SPDX-License-Identifier: Apache-2.0
// Maven's settings.xml: local repository, servers, profiles with their repositories, mirrors, proxies. Two files make one: the user's
// and the installation's. https://maven.apache.org/settings.html
import type { Problem } from '../model/problem.ts';
import { syntaxProblem } from './text.ts';
import type { XmlElement } from './xml.ts';
import { childOf, childrenOf, childText, decodeXml, parseXml } from './xml.ts';

export interface MavenSettings {
  /** Empty when the file leaves it to Maven (`~/.m2/repository`). */
  readonly localRepository: string;
  readonly servers: readonly MavenServer[];
  readonly profiles: readonly MavenProfile[];
  readonly activeProfiles: readonly string[];
  readonly mirrors: readonly MavenMirror[];
  readonly proxies: readonly MavenProxy[];
}

/** Credentials are read so that a caller can tell that there are any; they are never shown. */
export interface MavenServer {
  readonly id: string;
  readonly username: string;
  readonly password: string;
}

export interface MavenProfile {
  readonly id: string;
  readonly isActiveByDefault: boolean;
  readonly repositories: readonly MavenRepository[];
}

export interface MavenRepository {
  readonly id: string;
  readonly url: string;
  /** As written; empty means yes. */
  readonly releases: string;
  readonly snapshots: string;
}

export interface MavenMirror {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** Patterns as written: `central`, `*,!internal`, `external:*`. */
  readonly mirrorOf: string;
}

export interface MavenProxy {
  readonly id: string;
  readonly active: string;
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  readonly username: string;
  readonly password: string;
  readonly nonProxyHosts: string;
}

/** Values of `${env.NAME}`; a name that is absent leaves the text as it is. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads one file. Never throws; what is no settings file gives empty settings and a problem. */
export function parseMavenSettings(
  bytes: Uint8Array,
  path: string,
  environment: Environment,
): { readonly settings: MavenSettings; readonly problems: readonly Problem[] } {
  const { text, problems: encoding } = decodeXml(bytes, path);
  const { root, problems: syntax } = parseXml(text, path);
  const problems = [...encoding, ...syntax];
  const element = root?.name === 'settings' ? root : undefined;
  if (element === undefined && syntax.length === 0)
    problems.push(syntaxProblem(path, 'not Maven settings: no <settings>'));
  const reader = new SettingsReader(environment);
  const list = <T>(group: string, name: string, read: (item: XmlElement) => T): T[] =>
    childrenOf(childOf(element, group), name).map(read);
  const settings: MavenSettings = {
    localRepository: reader.text(element, 'localRepository'),
    servers: list('servers', 'server', (item) => ({
      id: reader.text(item, 'id'),
      username: reader.text(item, 'username'),
      password: reader.text(item, 'password'),
    })),
    profiles: list('profiles', 'profile', (item) => reader.profile(item)),
    activeProfiles: list('activeProfiles', 'activeProfile', (item) => reader.replace(item.text.trim())),
    mirrors: list('mirrors', 'mirror', (item) => ({
      id: reader.text(item, 'id'),
      name: reader.text(item, 'name'),
      url: reader.text(item, 'url'),
      mirrorOf: reader.text(item, 'mirrorOf'),
    })),
    proxies: list('proxies', 'proxy', (item) => reader.proxy(item)),
  };
  return { settings, problems };
}

class SettingsReader {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  text(element: XmlElement | undefined, name: string): string {
    return this.replace(childText(element, name) ?? '');
  }

  replace(text: string): string {
    return text.replace(/\$\{env\.([A-Za-z0-9_]{1,100})\}/g, (whole, name: string) => this.#environment[name] ?? whole);
  }

  profile(element: XmlElement): MavenProfile {
    const active = this.text(childOf(element, 'activation'), 'activeByDefault');
    const repositories = childrenOf(childOf(element, 'repositories'), 'repository').map((item) => ({
      id: this.text(item, 'id'),
      url: this.text(item, 'url'),
      releases: this.text(childOf(item, 'releases'), 'enabled'),
      snapshots: this.text(childOf(item, 'snapshots'), 'enabled'),
    }));
    return { id: this.text(element, 'id'), isActiveByDefault: active.toLowerCase() === 'true', repositories };
  }

  proxy(element: XmlElement): MavenProxy {
    return {
      id: this.text(element, 'id'),
      active: this.text(element, 'active'),
      protocol: this.text(element, 'protocol'),
      host: this.text(element, 'host'),
      port: this.text(element, 'port'),
      username: this.text(element, 'username'),
      password: this.text(element, 'password'),
      nonProxyHosts: this.text(element, 'nonProxyHosts'),
    };
  }
}

/** Settings of the user over those of the installation: of two entries with one id the user's counts. */
export function mergeMavenSettings(user: MavenSettings, installation: MavenSettings): MavenSettings {
  return {
    localRepository: user.localRepository === '' ? installation.localRepository : user.localRepository,
    servers: byId(user.servers, installation.servers),
    profiles: byId(user.profiles, installation.profiles),
    activeProfiles: [...new Set([...user.activeProfiles, ...installation.activeProfiles])],
    mirrors: byId(user.mirrors, installation.mirrors),
    proxies: byId(user.proxies, installation.proxies),
  };
}

function byId<T extends { readonly id: string }>(first: readonly T[], second: readonly T[]): T[] {
  const known = new Set(first.map((item) => item.id));
  return [...first, ...second.filter((item) => !known.has(item.id))];
}

export interface EffectiveRepository {
  readonly id: string;
  readonly url: string;
  readonly hasReleases: boolean;
  readonly hasSnapshots: boolean;
}

/** Repositories of the active profiles in the order in which Maven asks them: the last one first. Those switched off are left out. */
export function effectiveRepositories(settings: MavenSettings): EffectiveRepository[] {
  const active = settings.profiles.filter(
    (profile) => profile.isActiveByDefault || settings.activeProfiles.includes(profile.id),
  );
  const found = new Map<string, EffectiveRepository>();
  for (const repository of active.flatMap((profile) => profile.repositories)) {
    const hasReleases = isOn(repository.releases);
    const hasSnapshots = isOn(repository.snapshots);
    if (found.has(repository.id) || (!hasReleases && !hasSnapshots)) continue;
    found.set(repository.id, { id: repository.id, url: repository.url, hasReleases, hasSnapshots });
  }
  return [...found.values()].toReversed();
}

function isOn(text: string): boolean {
  return text === '' || text.toLowerCase() === 'true';
}

/** The first mirror that stands in for a repository. https://maven.apache.org/guides/mini/guide-mirror-settings.html */
export function mirrorOf(
  repository: Pick<EffectiveRepository, 'id' | 'url'>,
  settings: Pick<MavenSettings, 'mirrors'>,
): MavenMirror | undefined {
  return settings.mirrors.find((mirror) => {
    const patterns = mirror.mirrorOf.split(',').map((pattern) => pattern.trim());
    return !patterns.includes(`!${repository.id}`) && patterns.some((pattern) => fits(pattern, repository));
  });
}

function fits(pattern: string, repository: Pick<EffectiveRepository, 'id' | 'url'>): boolean {
  if (pattern === '*' || (pattern !== '' && pattern === repository.id)) return true;
  if (pattern !== 'external:*' && pattern !== 'external:http:*') return false;
  const url = URL.parse(repository.url);
  if (url === null || url.protocol === 'file:' || url.hostname === 'localhost' || url.hostname === '127.0.0.1')
    return false;
  return pattern === 'external:*' || url.protocol === 'http:';
}
