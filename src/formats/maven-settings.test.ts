// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveRepositories, mergeMavenSettings, mirrorOf, parseMavenSettings } from './maven-settings.ts';

function settings(inner: string, environment: Record<string, string> = {}) {
  return parseMavenSettings(new TextEncoder().encode(`<settings>${inner}</settings>`), 'settings.xml', environment)
    .settings;
}

function profile(id: string, repositories: string, active = 'true'): string {
  return `<profiles><profile><id>${id}</id><activation><activeByDefault>${active}</activeByDefault></activation>
    <repositories>${repositories}</repositories></profile></profiles>`;
}

describe('parseMavenSettings', () => {
  it('replaces environment variables that are given', () => {
    const read = settings('<localRepository>/${env.A}/${env.B}</localRepository>', { A: 'one' });

    expect(read.localRepository).toBe('/one/${env.B}');
  });

  it('says that another document is none', () => {
    const { problems } = parseMavenSettings(new TextEncoder().encode('<project/>'), 'settings.xml', {});

    expect(problems[0]?.message).toContain('no <settings>');
  });

  it('throws for no bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseMavenSettings(bytes, 'settings.xml', {})));
  });
});

describe('mergeMavenSettings', () => {
  it('lets the user win where both have an entry of one id', () => {
    const user = settings('<servers><server><id>a</id><username>user</username></server></servers>');
    const installation = settings('<servers><server><id>a</id></server><server><id>b</id></server></servers>');

    const merged = mergeMavenSettings(user, installation);

    expect(merged.servers.map((server) => [server.id, server.username])).toEqual([
      ['a', 'user'],
      ['b', ''],
    ]);
  });
});

describe('effectiveRepositories', () => {
  it('takes those of active profiles, last first, and leaves out what is switched off', () => {
    const off = '<releases><enabled>false</enabled></releases><snapshots><enabled>false</enabled></snapshots>';
    const read = settings(
      profile(
        'p',
        `<repository><id>a</id></repository><repository><id>b</id></repository><repository><id>c</id>${off}</repository>`,
      ),
    );

    expect(effectiveRepositories(read).map((item) => item.id)).toEqual(['b', 'a']);
    expect(effectiveRepositories(settings(profile('p', '<repository><id>a</id></repository>', 'false')))).toEqual([]);
  });
});

describe('mirrorOf', () => {
  const repository = { id: 'central', url: 'https://repository.example/maven2' };

  it.each([
    ['*', true],
    ['central', true],
    ['other', false],
    ['*,!central', false],
    ['!central,*', false],
    ['external:*', true],
    ['external:http:*', false],
    ['', false],
  ])('decides %j', (pattern, expected) => {
    const mirrors = [{ id: 'm', name: '', url: 'https://mirror.example', mirrorOf: pattern }];

    expect(mirrorOf(repository, { mirrors }) !== undefined).toBe(expected);
  });
});
