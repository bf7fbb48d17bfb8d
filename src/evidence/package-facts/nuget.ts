// SPDX-License-Identifier: Apache-2.0
// What the readers of .NET files share: packages with their URL, content hashes, versions that a requirement leads to, and licences
// from the *.nuspec files of an installed package folder.
import { childOf, childText, decodeXml, parseXml } from '../../formats/xml.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { CompanionFiles } from '../packages/cataloger.ts';

export function nugetPackage(name: string, version: string, parts: Partial<Package>): Package {
  const purl = formatPurl({ type: 'nuget', name, version });
  return packageOf({ name, version, type: 'nuget', ...(purl === undefined ? {} : { purl }), ...parts });
}

/** `contentHash` and `sha512` are SHA-512 in base64, the latter with `sha512-` in front. */
export function nugetDigests(text: string | undefined): Digest[] {
  const base64 = (text ?? '').replace(/^sha512-/, '');
  if (base64 === '' || base64.length > 100) return [];
  const digest = digestOf('sha512', Buffer.from(base64, 'base64').toString('hex'));
  return digest === undefined ? [] : [digest];
}

/**
 * The version that restoring takes: NuGet takes the lowest one that fits, so that `1.2.3`, `[1.2.3]` and `[1.2.3, 2.0.0)` all give
 * 1.2.3. Empty for floating versions (`1.*`), open lower bounds and unresolved properties.
 * https://learn.microsoft.com/en-us/nuget/concepts/package-versioning
 */
export function nugetVersion(requirement: string): string {
  const text = requirement.trim();
  if (text.length > defaultLimits.versionLength || /[*$]/.test(text) || text.startsWith('(')) return '';
  if (!text.startsWith('[')) return text;
  return (text.slice(1).split(/[,\])]/)[0] ?? '').trim();
}

/** Glob of what `nugetLicenses` looks at. */
export const nuspecCompanions: readonly string[] = ['**/*.nuspec'];

const nuspecs = new WeakMap<CompanionFiles, ReadonlyMap<string, string>>();

/** Licence expression of an installed package: `<folder>/<id>/<version>/<id>.nuspec`, all in lower case. */
export function nugetLicenses(name: string, version: string, files: CompanionFiles): string[] {
  let paths = nuspecs.get(files);
  if (paths === undefined) {
    const keyed = files.match('**/*.nuspec').map((path): [string, string] => {
      const [folder = '', inner = ''] = path.split('/').slice(-3);
      return [`${folder}/${inner}`.toLowerCase(), path];
    });
    paths = new Map(keyed);
    nuspecs.set(files, paths);
  }
  const path = paths.get(`${name}/${version}`.toLowerCase());
  const file = path === undefined ? undefined : files.get(path);
  if (file === undefined) return [];
  const { root } = parseXml(decodeXml(file.bytes, file.path).text, file.path);
  const metadata = childOf(root, 'metadata');
  const license = childText(metadata, 'license');
  return license !== undefined && childOf(metadata, 'license')?.attributes['type'] === 'expression' ? [license] : [];
}
