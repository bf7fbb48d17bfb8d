// SPDX-License-Identifier: Apache-2.0
// What a label leaves out and its image tells: the distribution, by the marks that its packages bear in their versions, and the operating
// system package that brought a language package.
import { distributionOf } from '../../../src/formats/purl-package.ts';
import type { Distribution } from '../../../src/model/package.ts';
import type { Label } from './labels.ts';

export interface ImageSystem {
  /** purl type of its packages. */
  readonly type: string;
  /** Absent where no version tells the release. */
  readonly distribution?: Distribution;
  isOwn(label: Label): boolean;
}

interface Mark {
  readonly pattern: RegExp;
  readonly type: string;
  readonly id: string;
}

/** Release marks of versions; the group is the release. */
const marks: readonly Mark[] = [
  { pattern: /\.el(\d{1,2})(?!\d)|[+_]el(\d{1,2})(?!\d)/, type: 'rpm', id: 'rhel' },
  { pattern: /\.amzn(\d{1,4})(?!\d)/, type: 'rpm', id: 'amzn' },
  { pattern: /\.azl(\d)(?!\d)/, type: 'rpm', id: 'azurelinux' },
  { pattern: /\.cm(\d)(?!\d)/, type: 'rpm', id: 'mariner' },
  { pattern: /[+~]deb(\d{1,2})u\d/, type: 'deb', id: 'debian' },
];

/** Most packages of a system bear its mark, or a revision (`-1ubuntu2`, `-r3`). */
export function systemOf(labels: readonly Label[]): ImageSystem | undefined {
  for (const { pattern, type, id } of marks) {
    const marked = labels.map(({ version }) => pattern.exec(version)).filter((match) => match !== null);
    if (marked.length === 0) continue;
    const releases = Map.groupBy(marked, (match) => match.slice(1).find((group) => group !== undefined) ?? '');
    const release = [...releases].sort((a, b) => b[1].length - a[1].length)[0]?.[0] ?? '';
    const isOwn = type === 'rpm' ? ({ version }: Label) => pattern.test(version) : isDebianPackage;
    return { type, distribution: distributionOf(id, release), isOwn };
  }
  if (labels.some(({ version }) => version.includes('ubuntu'))) return { type: 'deb', isOwn: isDebianPackage };
  const isAlpine = ({ version }: Label): boolean => /-r\d{1,5}$/.test(version);
  return labels.some(isAlpine) ? { type: 'apk', isOwn: isAlpine } : undefined;
}

/** A Debian revision, or an epoch. Versions of Go modules begin with `v`, and those of Maven do not end in a revision. */
function isDebianPackage({ version }: Label): boolean {
  return !version.startsWith('v') && (/^\d{1,2}:\d/.test(version) || /-\d[\w.+~]{0,40}$/.test(version));
}

/** The package of the system that holds this one: `python3-urllib3 1.24.2-4.el8` for `urllib3 1.24.2`. */
export function ownerOf(label: Label, labels: readonly Label[], system: ImageSystem): Label | undefined {
  const name = plainName(label.name);
  return labels.find((other) => {
    if (!system.isOwn(other)) return false;
    const upstream = other.version.replace(/^\d{1,4}:/, '').replace(/-[^-]{1,120}$/, '');
    return upstream === label.version && plainName(other.name) === name;
  });
}

/** Without what packagers put in front of and behind the names of libraries. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^(?:python\d{0,3}-|platform-python-|rubygem-|ruby-|nodejs-|golang-|node-|lib)/, '')
    .replace(/(?<=[a-z])\d{1,3}$/, '');
}
