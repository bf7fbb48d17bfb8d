// SPDX-License-Identifier: Apache-2.0
// What the Python catalogers share: names, package URLs, requirements as packages, hashes, archive names.
import type { PythonRequirement } from '../../formats/pep508.ts';
import { lowestVersion, pinnedVersion } from '../../formats/pep508.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { Package, PackageFacts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

/** PEP 503: runs of `-`, `_` and `.` are one `-`, lower case. Two spellings of one project give the same text. */
export function normalizePythonName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

/** A package with its purl; `name` stays as written, the purl holds the normalised name. */
export function pythonPackage(parts: { readonly name: string; readonly version: string } & Partial<Package>): Package {
  const purl = pythonPurl(parts.name, parts.version);
  return packageOf({ type: 'pypi', ...(purl === undefined ? {} : { purl }), ...parts });
}

/** The project that a manifest describes. Without a version it has no purl: nothing could be meant by it. */
export function pythonProject(
  project: { readonly name: string; readonly version: string; readonly license: string | undefined },
  parts: Partial<Package>,
): Package {
  const { name, version, license } = project;
  const licenses = license === undefined ? [] : [license];
  const { purl: _purl, ...item } = pythonPackage({ name, version, relationship: 'root', licenses, ...parts });
  const purl = version === '' ? undefined : pythonPurl(name, version);
  // A project may need a package of its own name (an older version of itself).
  return { ...item, id: `${item.id} (project)`, ...(purl === undefined ? {} : { purl }) };
}

/** `vcsUrl` is `git+URL@commit` for what was installed from version control (purl-spec, `vcs_url`). */
export function pythonPurl(name: string, version: string, vcsUrl?: string): string | undefined {
  const qualifiers = vcsUrl === undefined ? undefined : { vcs_url: vcsUrl };
  return formatPurl({ type: 'pypi', name: normalizePythonName(name), version, qualifiers });
}

/**
 * A requirement as a package: the version only when it is pinned, else the constraint, and in `facts.other.minimumVersion` the lowest
 * version that the constraint names.
 */
export function packageOfRequirement(requirement: PythonRequirement, parts: Partial<Package>): Package {
  const { specifier, url, marker } = requirement;
  const origin = url === undefined ? undefined : originOf(url);
  const version = pinnedVersion(specifier) ?? origin?.version ?? '';
  const minimumVersion = version === '' ? lowestVersion(specifier) : undefined;
  const other = {
    ...(marker === undefined ? {} : { marker }),
    ...(minimumVersion === undefined ? {} : { minimumVersion }),
    ...(requirement.extras.length === 0 ? {} : { extras: requirement.extras.join(',') }),
  };
  const facts: PackageFacts = {
    ...origin?.facts,
    ...parts.facts,
    ...(Object.keys(other).length === 0 ? {} : { other: { ...parts.facts?.other, ...other } }),
  };
  return pythonPackage({
    name: requirement.name,
    version,
    ...(specifier === '' ? {} : { constraint: specifier }),
    ...parts,
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}

export interface PythonOrigin {
  /** From `#egg=name` or the file name of a wheel or source archive. */
  readonly name?: string;
  readonly version?: string;
  readonly facts: PackageFacts;
}

/** What a direct reference tells: repository and commit of `git+https://host/x.git@commit#egg=name`, or an archive and its version. */
export function originOf(url: string): PythonOrigin {
  const [address, fragment] = splitOnce(url, '#');
  const egg = /(?:^|&)egg=([A-Za-z0-9._-]+)/.exec(fragment)?.[1];
  const vcs = /^(?:git|hg|svn|bzr)\+/.exec(address)?.[0];
  if (vcs === undefined) {
    const archive = archiveName(address.slice(address.lastIndexOf('/') + 1));
    const name = egg ?? archive?.name;
    const version = archive === undefined ? {} : { version: archive.version };
    return { ...(name === undefined ? {} : { name }), ...version, facts: { downloadUrl: address } };
  }
  const at = address.lastIndexOf('@');
  const hasReference =
    at > address.lastIndexOf('/') ||
    (at > address.indexOf('://') + 3 && address.slice(0, at).includes('/', address.indexOf('://') + 3));
  const repository = hasReference ? address.slice(0, at) : address;
  const reference = hasReference ? address.slice(at + 1) : '';
  const commit = /^[0-9a-f]{40}$/.test(reference) ? { commit: reference } : {};
  return {
    ...(egg === undefined ? {} : { name: egg }),
    facts: { repository: repository.slice(vcs.length), ...commit },
  };
}

/** Name and version in `name-1.0-py3-none-any.whl`, `name-1.0-py3.10.egg` or `name-1.0.tar.gz`; undefined for other files. */
export function archiveName(file: string): { readonly name: string; readonly version: string } | undefined {
  const wheel = /^([A-Za-z0-9][A-Za-z0-9._]*)-([0-9][A-Za-z0-9.!+_]*)-[^/]*\.whl$/.exec(file);
  const source =
    /^([A-Za-z0-9][A-Za-z0-9._-]*)-([0-9][A-Za-z0-9.!+_]*)(?:-py[0-9.]+)?(?:\.egg|\.zip|\.tar\.gz|\.tar\.bz2|\.tgz)$/.exec(
      file,
    );
  const name = wheel?.[1] ?? source?.[1];
  const version = wheel?.[2] ?? source?.[2];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** `sha256:<hex>` as Python lock files write hashes; what is not a known digest is left out, repeated ones once. */
export function digestsOf(hashes: readonly (string | undefined)[]): readonly Digest[] {
  const found = new Set<Digest>();
  for (const hash of hashes) {
    const [algorithm, hex] = splitOnce(hash ?? '', ':');
    const digest = digestOf(algorithm, hex);
    if (digest !== undefined) found.add(digest);
  }
  return [...found];
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
