// SPDX-License-Identifier: Apache-2.0
// When the free security support of a distribution's release ends: afterwards "nothing found" only says that nobody looks any more.
// Dates are those the distributions publish, Debian's with its long-term support.
import type { Distribution } from '../model/package.ts';
import { follows } from './extended-support.ts';

/** Id of os-release(5) and release, to the last day of support (YYYY-MM-DD). */
export type SupportDates = ReadonlyMap<string, string>;

const ends: Readonly<Record<string, string>> = {
  almalinux: '8=2029-05-31 9=2032-05-31',
  alpine:
    '3.10=2021-05-01 3.11=2021-11-01 3.12=2022-05-01 3.13=2022-11-01 3.14=2023-05-01 3.15=2023-11-01 3.16=2024-05-23 3.17=2024-11-22 3.18=2025-05-09 3.19=2025-11-01 3.20=2026-04-01 3.21=2026-11-01 3.22=2027-05-01',
  amzn: '2018=2023-12-31 2=2026-06-30',
  centos: '6=2020-11-30 7=2024-06-30 8=2021-12-31',
  debian: '7=2018-05-31 8=2020-06-30 9=2022-06-30 10=2024-06-30 11=2026-08-31 12=2028-06-30 13=2030-06-30',
  fedora: '36=2023-05-16 37=2023-12-05 38=2024-05-21 39=2024-11-26 40=2025-05-13',
  mariner: '1.0=2023-07-31 2.0=2025-07-31',
  'opensuse-leap': '15.3=2022-12-31 15.4=2023-12-07 15.5=2024-12-31 15.6=2026-04-30',
  rhel: '6=2020-11-30 7=2024-06-30 8=2029-05-31 9=2032-05-31',
  rocky: '8=2029-05-31 9=2032-05-31',
  ubuntu:
    '12.04=2017-04-28 14.04=2019-04-25 16.04=2021-04-30 18.04=2023-05-31 20.04=2025-05-31 22.04=2027-05-31 22.10=2023-07-20 23.04=2024-01-25 23.10=2024-07-11 24.04=2029-05-31 24.10=2025-07-10',
};

/** What is known of releases; one that is not listed counts as supported. */
export const supportDates: SupportDates = new Map(
  Object.entries(ends).flatMap(([id, releases]) =>
    releases.split(' ').map((entry): [string, string] => {
      const [release = '', date = ''] = entry.split('=');
      return [`${id} ${release}`, date];
    }),
  ),
);

/** The last day of support of the system's release: by its first two numbers, else by the first. */
export function endOfSupport(distribution: Distribution, dates: SupportDates = supportDates): string | undefined {
  const [, major, minor] = /^(\d{1,6})(?:\.(\d{1,6}))?/.exec(distribution.versionId) ?? [];
  if (major === undefined) return undefined;
  const id = distribution.id.toLowerCase();
  return (minor === undefined ? undefined : dates.get(`${id} ${major}.${minor}`)) ?? dates.get(`${id} ${major}`);
}

/** Whether support had ended at `now` (RFC 3339). A system with a paid stream has another end, which nobody publishes here. */
export function isPastSupport(
  distribution: Distribution | undefined,
  now: string,
  dates: SupportDates = supportDates,
): boolean {
  if (distribution === undefined || follows(distribution, 'esm') || follows(distribution, 'eus')) return false;
  const end = endOfSupport(distribution, dates);
  return end !== undefined && now.slice(0, 10) > end;
}
