// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { PlatformChoice } from './platform.ts';
import { choosePlatform, formatPlatform, parsePlatform } from './platform.ts';

describe('a platform', () => {
  it.each([
    ['linux/amd64', 'linux/amd64'],
    ['amd64', 'linux/amd64'],
    ['linux/x86_64', 'linux/amd64'],
    ['linux/aarch64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm64/8', 'linux/arm64'],
    ['linux/armhf', 'linux/arm'],
    ['linux/armel', 'linux/arm/v6'],
    ['Windows/AMD64', 'windows/amd64'],
    ['linux/amd64/v3', 'linux/amd64/v3'],
    ['a/b/c/d', undefined],
    ['linux/', undefined],
    ['', undefined],
  ])('written as %s is %s', (text, expected) => {
    const platform = parsePlatform(text);

    expect(platform && formatPlatform(platform)).toBe(expected);
  });
});

function entries(...names: readonly string[]): PlatformChoice[] {
  return names.map((name) => {
    const [os = '', architecture = '', variant] = name.split('/');
    return { platform: { os, architecture, ...(variant === undefined ? {} : { variant }) }, annotations: {} };
  });
}

describe('the choice', () => {
  it.each([
    ['linux/amd64', ['linux/arm64', 'linux/amd64'], 1],
    ['linux/arm64', ['linux/arm64/v8'], 0],
    ['linux/arm64/v8', ['linux/arm64'], 0],
    ['linux/arm/v7', ['linux/arm/v5', 'linux/arm/v6'], 1],
    ['linux/arm/v6', ['linux/arm/v7', 'linux/arm/v5'], 1],
    ['linux/arm/v5', ['linux/arm/v7', 'linux/arm'], undefined],
    ['linux/arm', ['linux/arm/v6', 'linux/arm/v7'], 1],
    ['linux/amd64/v3', ['linux/amd64', 'linux/amd64/v2', 'linux/amd64/v4'], 1],
    ['linux/amd64', ['linux/amd64/v3', 'linux/amd64'], 1],
    ['linux/amd64', ['linux/amd64', 'linux/amd64'], 0],
    ['linux/amd64', ['windows/amd64'], undefined],
    ['linux/amd64', ['unknown/unknown'], undefined],
    ['linux/x86_64', ['linux/amd64'], 0],
    // It made the choice throw: every JavaScript object has a member of that name.
    ['linux/amd64', ['linux/constructor', 'linux/amd64'], 1],
  ])('for %s among %j is number %s', (wanted, names, expected) => {
    const list = entries(...names);
    const platform = parsePlatform(wanted);
    const chosen = platform && choosePlatform(list, platform);

    expect(chosen && list.indexOf(chosen)).toBe(expected);
  });

  it('is the only image there is when that names no platform', () => {
    const attestation = { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } };
    const only = { annotations: {} };

    expect(choosePlatform([attestation, only], { os: 'linux', architecture: 'amd64' })).toBe(only);
    expect(choosePlatform([only, { ...only }], { os: 'linux', architecture: 'amd64' })).toBeUndefined();
  });

  it('passes over artifacts that are listed beside an image', () => {
    const [only, note] = [{ annotations: {} }, { annotations: {}, artifactType: 'application/vnd.example.note' }];

    expect(choosePlatform([note, only], { os: 'linux', architecture: 'amd64' })).toBe(only);
  });

  it('of Windows images keeps to the version asked for', () => {
    const versions = ['10.0.1', '10.0.2'].map((osVersion) => ({
      platform: { os: 'windows', architecture: 'amd64', osVersion },
      annotations: {},
    }));

    expect(choosePlatform(versions, { os: 'windows', architecture: 'amd64', osVersion: '10.0.2' })).toBe(versions[1]);
  });
});
