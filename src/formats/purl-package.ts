// SPDX-License-Identifier: Apache-2.0
// What a package URL tells of a package, for the readers of formats that identify packages by it: name as the ecosystem writes it,
// version with epoch, distribution, source package. The syntax of package URLs stands in src/model/purl.ts.
import type { Distribution, PackageFacts, SourcePackage } from '../model/package.ts';
import type { PurlParts } from '../model/purl.ts';
import { formatPurl, parsePurlLoosely } from '../model/purl.ts';
import { releaseAndChannels } from './os-release.ts';

export interface PurlPackage {
  readonly type: string;
  /** `@scope/name`, `group:artifact`, `github.com/a/b`; the bare name for operating system packages. */
  readonly name: string;
  /** Empty when the package URL has none; `epoch:version` where a qualifier gives an epoch other than 0. */
  readonly version: string;
  readonly distribution?: Distribution;
  readonly sources?: readonly SourcePackage[];
  /** CPE names, from the qualifier `cpes` that Syft and Grype write. */
  readonly cpes?: readonly string[];
  readonly facts: PackageFacts;
}

/** Types whose namespace is part of the name, joined with a slash. */
const slashTypes = new Set([
  'bitbucket',
  'clojars',
  'composer',
  'deno',
  'docker',
  'github',
  'githubactions',
  'gitlab',
  'golang',
  'hex',
  'huggingface',
  'jsr',
  'npm',
  'oci',
  'swift',
  'terraform',
]);

/** Types of operating system packages: they belong to a distribution. */
export const systemTypes: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk', 'alpm', 'ebuild', 'portage', 'opkg']);

/** Undefined when the text is no package URL. */
export function packageOfPurl(text: string): PurlPackage | undefined {
  const parts = parsePurlLoosely(text);
  if (parts === undefined) return undefined;
  const qualifiers = parts.qualifiers ?? {};
  const version = versionOf(parts);
  const distribution = systemTypes.has(parts.type) ? distributionOfPurl(parts) : undefined;
  const sources = sourcesOf(qualifiers['upstream'], parts.type, version);
  const cpes = (qualifiers['cpes'] ?? '').split(',').filter((cpe) => /^cpe:(?:2\.3:[aho*-]:|\/[aho]:)/.test(cpe));
  return {
    type: parts.type,
    name: nameOfPurl(parts),
    version,
    ...(distribution === undefined ? {} : { distribution }),
    ...(sources.length === 0 ? {} : { sources }),
    ...(cpes.length === 0 ? {} : { cpes }),
    facts: factsOf(qualifiers),
  };
}

/** The name as the ecosystem writes it. */
export function nameOfPurl(parts: PurlParts): string {
  const { type, namespace, name, subpath } = parts;
  if (type === 'cocoapods' && subpath !== undefined) return `${name}/${subpath}`;
  if (namespace === undefined || namespace === '') return name;
  if (type === 'maven') return `${namespace}:${name}`;
  return slashTypes.has(type) ? `${namespace}/${name}` : name;
}

/** The package URL of a name as the ecosystem writes it, without version: the inverse of `nameOfPurl`. Undefined when there is none. */
export function purlOfName(type: string, written: string): string | undefined {
  const cut = type === 'maven' ? written.indexOf(':') : slashTypes.has(type) ? written.lastIndexOf('/') : -1;
  if (cut === -1) return formatPurl({ type, name: written });
  return formatPurl({ type, namespace: written.slice(0, cut), name: written.slice(cut + 1) });
}

/**
 * The name to keep when a document gives one beside the package URL: the document's where the two differ in case and separators only, because
 * package URLs of some types lose them; else the URL's.
 */
export function preferredName(written: string, found: PurlPackage): string {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_.]+/g, '-');
  return found.type !== 'generic' && plain(written) === plain(found.name) ? written : found.name;
}

function versionOf(parts: PurlParts): string {
  const version = parts.version ?? '';
  const epoch = parts.qualifiers?.['epoch'];
  const isKnown = epoch === undefined || epoch === '0' || version === '' || version.includes(':');
  return isKnown || !/^[0-9]{1,9}$/.test(epoch) ? version : `${epoch}:${version}`;
}

function factsOf(qualifiers: Readonly<Record<string, string | undefined>>): PackageFacts {
  const { arch, epoch, download_url: downloadUrl, vcs_url: repository } = qualifiers;
  const modularity = qualifiers['modularitylabel'] ?? qualifiers['rpmmod'];
  return {
    ...(arch === undefined ? {} : { architecture: arch }),
    ...(epoch === undefined || !/^[0-9]{1,9}$/.test(epoch) ? {} : { epoch: Number(epoch) }),
    ...(modularity === undefined ? {} : { modularity }),
    ...(downloadUrl === undefined ? {} : { downloadUrl }),
    ...(repository === undefined ? {} : { repository }),
  };
}

/** Names that SBOM tools use for a distribution, and its ID in os-release(5). */
const distributionIds: Readonly<Record<string, string>> = {
  alma: 'almalinux',
  amazon: 'amzn',
  'cbl-mariner': 'mariner',
  oracle: 'ol',
  redhat: 'rhel',
  'suse linux enterprise server': 'sles',
  suse: 'sles',
  'opensuse.leap': 'opensuse-leap',
  'opensuse.tumbleweed': 'opensuse-tumbleweed',
  slem: 'sl-micro',
};

/** A distribution from the name and version that a document gives: `redhat` and `8.4`. */
export function distributionOf(name: string, version: string): Distribution {
  const word = name.trim().toLowerCase();
  const id = Object.hasOwn(distributionIds, word) ? (distributionIds[word] ?? word) : word.replaceAll(' ', '-');
  const isCodename = /^[a-z]+$/i.test(version);
  return {
    id,
    idLike: [],
    ...releaseAndChannels(isCodename ? '' : version),
    name: name.trim(),
    ...(isCodename ? { codename: version } : {}),
  };
}

/** The qualifier `distro` is `debian-12`, `opensuse-leap-15.4`, `3.16.0` or `bookworm`; without a name in it the namespace gives the name. */
function distributionOfPurl(parts: PurlParts): Distribution | undefined {
  // A plus sign that nobody encoded was read as a blank.
  const distro = (parts.qualifiers?.['distro'] ?? '').slice(0, 200).replace(/(?<=\d) (?=[a-z]{2,12}$)/, '+');
  const namespace = parts.namespace ?? '';
  const { name, version } = splitRelease(distro, namespace);
  return name === '' ? undefined : distributionOf(name, version);
}

/**
 * A distribution in one word: `debian-12`, `debian:12`, `ubuntu@focal`, `opensuse-leap-15.2`. A hyphen separates only before a digit or
 * behind the name that is known; without a separator the text is a name when none is known, else a version.
 */
export function splitRelease(text: string, known = ''): { readonly name: string; readonly version: string } {
  const behindKnown = known !== '' && text.startsWith(`${known}-`) ? known.length : -1;
  const separator = text.search(/-(?=\d)|[:@]/);
  const cut = separator > 0 ? separator : behindKnown;
  if (cut !== -1) return { name: text.slice(0, cut), version: text.slice(cut + 1) };
  return known === '' ? { name: text, version: '' } : { name: known, version: text };
}

/** Syft's `upstream`: `openssl`, `openssl@1.1.1n`, `openssl-1.1.1k-7.el8.src.rpm`, several joined with commas. */
function sourcesOf(upstream: string | undefined, type: string, version: string): readonly SourcePackage[] {
  if (upstream === undefined) return [];
  return upstream.split(',').flatMap((item) => {
    const text = item.trim();
    if (text === '') return [];
    if (type === 'rpm') return sourceOfRpm(text) ?? [{ name: text, version }];
    const at = text.lastIndexOf('@');
    return at > 0 ? [{ name: text.slice(0, at), version: text.slice(at + 1) }] : [{ name: text, version }];
  });
}

/** `name-version-release.src.rpm` */
export function sourceOfRpm(file: string): readonly SourcePackage[] | undefined {
  const match = /^(.{1,200})-([^-]{1,100})-([^-]{1,100})\.(?:no)?src\.rpm$/.exec(file);
  if (match === null) return undefined;
  const [, name = '', version = '', release = ''] = match;
  return [{ name, version: `${version}-${release}` }];
}
