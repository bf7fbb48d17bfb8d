// SPDX-License-Identifier: Apache-2.0
// The files that named a distribution before os-release, and still do on old systems: one line of text, or lsb-release assignments.
import type { Distribution } from '../model/package.ts';
import { shellAssignments } from './os-release.ts';

/** Beginning of the text of a `*-release` file, and the ID that os-release of the same system would have. */
const families: readonly (readonly [string, string])[] = [
  ['AlmaLinux', 'almalinux'],
  ['CentOS', 'centos'],
  ['Fedora', 'fedora'],
  ['Oracle Linux', 'ol'],
  ['Red Hat Enterprise Linux', 'rhel'],
  ['Rocky Linux', 'rocky'],
  ['Scientific Linux', 'scientific'],
  ['Amazon Linux', 'amzn'],
];

/** `CentOS Linux release 7.6.1810 (Core)`; undefined when the text names no known family and release. */
export function parseReleaseLine(text: string): Distribution | undefined {
  const line = text.trim().split('\n')[0]?.trim() ?? '';
  const id = families.find(([start]) => line.startsWith(start))?.[1];
  const [, versionId, codename] =
    /\brelease\s{1,8}(\d[\d.]{0,40})\s{0,8}(?:\(([^)]{1,100})\))?/.exec(line.slice(0, 500)) ?? [];
  if (id === undefined || versionId === undefined) return undefined;
  return { id, idLike: [], versionId, ...(codename === undefined ? {} : { codename }), name: line };
}

/** etc/debian_version: `12.4`, or `bookworm/sid` where no release number exists yet. */
export function parseDebianVersion(text: string): Distribution | undefined {
  const line = text.trim();
  if (!/^[\w./-]{1,60}$/.test(line)) return undefined;
  const isRelease = /^\d/.test(line);
  const codename = isRelease ? {} : { codename: line.split('/')[0] ?? line };
  return { id: 'debian', idLike: [], versionId: isRelease ? line : '', ...codename, name: `Debian ${line}` };
}

/** etc/alpine-release: the version alone. */
export function parseAlpineRelease(text: string): Distribution | undefined {
  const line = text.trim();
  if (!/^\d[\w.]{0,40}$/.test(line)) return undefined;
  return { id: 'alpine', idLike: [], versionId: line, name: `Alpine Linux ${line}` };
}

/** etc/lsb-release: `DISTRIB_ID=Ubuntu`, `DISTRIB_RELEASE=18.04`. */
export function parseLsbRelease(text: string): Distribution | undefined {
  const fields = shellAssignments(text);
  const id = fields.get('DISTRIB_ID')?.toLowerCase();
  if (id === undefined || id === '') return undefined;
  const codename = fields.get('DISTRIB_CODENAME');
  return {
    id,
    idLike: [],
    versionId: fields.get('DISTRIB_RELEASE') ?? '',
    ...(codename === undefined ? {} : { codename }),
    name: fields.get('DISTRIB_DESCRIPTION') ?? id,
  };
}
