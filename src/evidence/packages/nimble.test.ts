// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { nimble } from './nimble.ts';
import { nimbleInstalled } from './nimble-installed.ts';
import { nimbleLock } from './nimble-lock.ts';

describe('nimble', () => {
  it('reads the project and its plain requirements', () => {
    const text = `version       = "0.3"
license       = "MIT"
requires "nim >= 1.6", "jester == 0.5.0"
requires "https://git.example/lib.git#0123456789abcdef0123456789abcdef01234567",
         "other#head"
`;

    const { get, names } = catalogText(nimble, { 'tool.nimble': text });

    expect(names).toEqual(['jester@0.5.0', 'lib@', 'other@', 'tool@0.3']);
    expect(get('tool')).toMatchObject({ relationship: 'root', licenses: ['MIT'] });
    expect(get('lib').facts).toMatchObject({ commit: '0123456789abcdef0123456789abcdef01234567' });
    expect(get('other').locations).toEqual([{ path: 'tool.nimble', line: 5 }]);
  });

  it('leaves installed packages to another cataloger', () => {
    expect(catalogText(nimble, { '.nimble/pkgs/a-1.0/a.nimble': 'version = "1.0"\n' }).packages).toEqual([]);
  });
});

describe('nimbleInstalled', () => {
  it('reads name, version and checksum from the folder', () => {
    const sum = '2b26a9e0fc79638dbb9272fb4ab5a1d79264f938';

    const { get } = catalogText(nimbleInstalled, {
      [`.nimble/pkgs2/json_serial-0.4.2-${sum}/json_serial.nimble`]: 'license = "MIT"\n',
      '.nimble/pkgs/with-dash-1.0.1/x.nimble': '',
    });

    expect(get('json_serial')).toMatchObject({ version: '0.4.2', digests: [`sha1:${sum}`], licenses: ['MIT'] });
    expect(get('with-dash').version).toBe('1.0.1');
  });

  it('tells of folders of another form', () => {
    expect(catalogText(nimbleInstalled, { 'pkgs/oops/x.nimble': '' }).problems).toMatchObject([{ kind: 'schema' }]);
  });
});

describe('nimbleLock', () => {
  it('reads versions, commits, digests and relations', () => {
    const text = JSON.stringify({
      packages: {
        web: {
          version: '1.0',
          url: 'https://git.example/web',
          vcsRevision: 'abc',
          dependencies: ['lib'],
          checksums: { sha1: 'a'.repeat(40) },
        },
        lib: { version: '2.0', dependencies: [] },
      },
    });

    expect(catalogText(nimbleLock, { 'nimble.lock': text }).get('web')).toMatchObject({
      dependsOn: ['lib@2.0'],
      digests: [`sha1:${'a'.repeat(40)}`],
      facts: { commit: 'abc' },
    });
  });
});
