// SPDX-License-Identifier: Apache-2.0
// The distribution that operating system packages of a target belong to, and the package URLs that name it.
import { parseOsRelease } from '../../formats/os-release.ts';
import { decodeText } from '../../formats/text.ts';
import type { Distribution } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { CompanionFiles } from '../packages/cataloger.ts';

/** os-release(5): the first one that exists counts. */
export const osReleaseFiles: readonly string[] = ['etc/os-release', 'usr/lib/os-release'];

/** Undefined when the target has no os-release, or one without an ID. */
export function distributionIn(tree: CompanionFiles): Distribution | undefined {
  for (const path of osReleaseFiles) {
    const file = tree.get(path);
    if (file !== undefined) return parseOsRelease(decodeText(file.bytes, path).text);
  }
  return undefined;
}

export interface SystemPackage {
  readonly type: 'deb' | 'opkg' | 'apk' | 'alpm' | 'portage';
  readonly name: string;
  readonly version: string;
  readonly architecture?: string | undefined;
  /** Source package, where its name or version differs: `name` or `name@version`. */
  readonly upstream?: string | undefined;
  readonly distribution: Distribution | undefined;
}

/** `pkg:deb/debian/acl@2.3.1-3?arch=amd64&distro=debian-12`; undefined without a distribution, which is part of the name. */
export function systemPurl(item: SystemPackage): string | undefined {
  const { distribution } = item;
  if (distribution === undefined) return undefined;
  const release = distribution.versionId === '' ? '' : `-${distribution.versionId}`;
  return formatPurl({
    type: item.type,
    namespace: distribution.id,
    name: item.name,
    version: item.version,
    qualifiers: { arch: item.architecture, distro: `${distribution.id}${release}`, upstream: item.upstream },
  });
}

/** Licences a package database states in one field: one SPDX expression, or a list separated by blanks. */
export function declaredLicenses(text: string | undefined): string[] {
  const trimmed = (text ?? '').trim();
  if (trimmed === '') return [];
  const isExpression = /\s(?:AND|OR|WITH)\s/.test(trimmed);
  return isExpression ? [trimmed] : [...new Set(trimmed.split(/\s+/))];
}
