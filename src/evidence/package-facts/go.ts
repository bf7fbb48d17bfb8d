// SPDX-License-Identifier: Apache-2.0
// What all Go catalogers write alike: module packages, and the standard library as a package of its own.
import type { GoModFile } from '../../formats/go-mod.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Relationship } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

export interface GoModuleParts {
  readonly path: string;
  /** With its `v`, as Go writes it. */
  readonly version: string;
  readonly relationship: Relationship;
  readonly locations: readonly Location[];
  /** `h1:...` of go.sum. */
  readonly hash?: string | undefined;
  /** `module@version` that it stands for, by a replace directive. */
  readonly replaces?: string | undefined;
}

/** Module paths are case-sensitive: the purl keeps their case, as Syft and Trivy do. */
export function goPurl(path: string, version: string): string | undefined {
  const slash = path.lastIndexOf('/');
  if (slash === -1) return formatPurl({ type: 'golang', name: path, version });
  return formatPurl({ type: 'golang', namespace: path.slice(0, slash), name: path.slice(slash + 1), version });
}

/** A module from outside the tree. */
export function goModulePackage(parts: GoModuleParts): Package {
  const { path, version, relationship, locations, hash, replaces } = parts;
  const purl = goPurl(path, version);
  return packageOf({
    name: path,
    version,
    type: 'golang',
    purl,
    relationship,
    locations,
    facts: factsOf(hash, replaces),
  });
}

function factsOf(hash: string | undefined, replaces: string | undefined): PackageFacts | undefined {
  if (hash === undefined && replaces === undefined) return undefined;
  const other: Record<string, string> = {};
  if (hash !== undefined) other['h1'] = hash;
  if (replaces !== undefined) other['replaces'] = replaces;
  return { other };
}

/**
 * The standard library in the version that the file asks for: the toolchain, else the `go` line. Since Go 1.21 `go 1.21` means the
 * release 1.21.0; before, it names a language version, of which the first release is the lowest that can be meant. A `go` line is a
 * minimum, which the constraint says: what builds may be newer.
 */
export function standardLibrary(file: Pick<GoModFile, 'go' | 'toolchain'>): Package | undefined {
  const named = file.toolchain ?? file.go;
  const version = /^(?:go)?([0-9]{1,4}\.[0-9]{1,4}(?:\.[0-9]{1,4})?(?:(?:rc|beta)[0-9]{1,3})?)(?:[-+ ].*)?$/.exec(
    named?.version ?? '',
  )?.[1];
  if (named === undefined || version === undefined) return undefined;
  const library = goModulePackage({ path: 'stdlib', version, relationship: 'direct', locations: [named.location] });
  return file.toolchain === undefined ? { ...library, constraint: `>= ${version}` } : library;
}
