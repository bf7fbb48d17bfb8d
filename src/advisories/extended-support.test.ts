// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Distribution } from '../model/package.ts';
import {
  extendedReleases,
  isExtendedRelease,
  isReachable,
  redHatReleaseOf,
  releasePartOf,
} from './extended-support.ts';

function system(id: string, versionId: string, channels: readonly string[]): Distribution {
  return { id, idLike: [], versionId, name: id, channels };
}

describe('extendedReleases', () => {
  it('adds the stream that a system follows', () => {
    expect(extendedReleases(system('ubuntu', '16.04', ['ESM']), ['Ubuntu:16.04:LTS'])).toEqual([
      'Ubuntu:Pro:16.04:LTS',
    ]);
    expect(extendedReleases(system('rhel', '9.4', ['eus']), ['Red Hat:9'])).toContain('Red Hat:rhel_eus:9.4::baseos');
  });

  it('adds nothing for systems that follow none', () => {
    expect(extendedReleases(system('ubuntu', '16.04', []), ['Ubuntu:16.04:LTS'])).toEqual([]);
    expect(extendedReleases(system('debian', '12', ['esm']), ['Debian:12'])).toEqual([]);
  });

  it('names ecosystems that overrule their release', () => {
    expect(isExtendedRelease('Ubuntu:Pro:16.04:LTS')).toBe(true);
    expect(isExtendedRelease('Ubuntu:16.04:LTS')).toBe(false);
  });
});

describe('isReachable', () => {
  it('tells builds of a later minor release apart', () => {
    const followed = system('rhel', '9.4', ['eus']);

    expect(isReachable('5.14.0-503.11.1.el9_5', followed)).toBe(false);
    expect(isReachable('5.14.0-427.80.1.el9_4', followed)).toBe(true);
    expect(isReachable('5.14.0-100.el9', followed)).toBe(true);
    expect(isReachable('5.14.0-503.11.1.el9_5', system('rhel', '9.4', []))).toBe(true);
    expect(isReachable('1.0', undefined)).toBe(true);
  });

  it('reads the release a build was made for', () => {
    expect(redHatReleaseOf('0:1.2-82.el8_10.2')).toEqual({ major: 8, minor: 10 });
    expect(redHatReleaseOf('1.0-1.fc40')).toBeUndefined();
    expect(releasePartOf('0:5.14.0-503.el9_5')).toBe('503.el9_5');
  });
});
