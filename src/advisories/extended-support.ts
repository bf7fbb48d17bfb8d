// SPDX-License-Identifier: Apache-2.0
// Paid streams of distributions that go on fixing a release (Ubuntu Pro's ESM, Red Hat's EUS): which advisories they have, and which
// fixes of the main stream reach a system that follows them.
import type { Distribution } from '../model/package.ts';

/** Whether the system follows the stream (`esm`, `eus`); streams are written in any case. */
export function follows(distribution: Distribution | undefined, channel: string): boolean {
  return (distribution?.channels ?? []).some((name) => name.toLowerCase() === channel);
}

/** Ecosystems of the streams that a system follows, by those of its release. */
export function extendedReleases(
  distribution: Distribution | undefined,
  releases: readonly string[],
): readonly string[] {
  if (distribution?.id === 'ubuntu' && follows(distribution, 'esm')) return releases.flatMap(proRelease);
  const minor = /^\d{1,3}\.\d{1,3}/.exec(distribution?.versionId ?? '')?.[0];
  if (distribution?.id !== 'rhel' || minor === undefined || !follows(distribution, 'eus')) return [];
  return [
    `Red Hat:${minor}+eus`,
    ...['baseos', 'appstream', 'crb'].map((part) => `Red Hat:rhel_eus:${minor}::${part}`),
  ];
}

/** `Ubuntu:Pro:16.04:LTS` for `Ubuntu:16.04:LTS`. */
export function proRelease(release: string): readonly string[] {
  return /^Ubuntu:\d/.test(release) ? [release.replace('Ubuntu:', 'Ubuntu:Pro:')] : [];
}

/** Whether the ecosystem is a stream whose word counts more than that of the release it extends. */
export function isExtendedRelease(ecosystem: string): boolean {
  return /^(?:Ubuntu:Pro:|Red Hat:rhel_eus:|Red Hat:\d{1,3}\.\d{1,3}\+eus$)/.test(ecosystem);
}

/** The release a build of Red Hat was made for: `el9_5` in `5.14.0-503.11.1.el9_5`. A release without a minor number counts as its `.0`. */
export function redHatReleaseOf(version: string): { readonly major: number; readonly minor: number } | undefined {
  const match = /(?:^|[.\d])el(\d{1,3})(?:_(\d{1,3}))?(?!\d)/.exec(releasePartOf(version));
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: Number(match[2] ?? 0) };
}

/** What stands behind the last hyphen of an rpm version; without one all but the epoch. */
export function releasePartOf(version: string): string {
  const text = version.replace(/^\d{1,9}:/, '');
  return text.slice(text.lastIndexOf('-') + 1);
}

/** A system on 9.4 with extended support gets no builds of 9.5. What cannot be told counts as reachable. */
export function isReachable(fix: string, distribution: Distribution | undefined): boolean {
  if (distribution === undefined || !follows(distribution, 'eus')) return true;
  const own = /^(\d{1,3})(?:\.(\d{1,3}))?/.exec(distribution.versionId);
  const made = redHatReleaseOf(fix);
  if (own === null || made === undefined || made.major !== Number(own[1])) return true;
  return made.minor <= Number(own[2] ?? 0);
}
