// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseOsRelease } from './os-release.ts';
import { parseDebianVersion, parseReleaseLine } from './release-file.ts';

describe('parseOsRelease', () => {
  it('reads bare and quoted values', () => {
    const text =
      '# comment\nID=ubuntu\nID_LIKE="debian other"\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\nPRETTY_NAME="Ubuntu \\"LTS\\""\n';

    expect(parseOsRelease(text)).toEqual({
      id: 'ubuntu',
      idLike: ['debian', 'other'],
      versionId: '22.04',
      codename: 'jammy',
      name: 'Ubuntu "LTS"',
    });
  });

  it('takes the build of a rolling distribution for its version', () => {
    expect(parseOsRelease('ID=arch\nBUILD_ID=rolling\n')?.versionId).toBe('rolling');
  });

  it('is nothing without an ID', () => {
    expect(parseOsRelease('VERSION_ID=1\n')).toBeUndefined();
  });
});

describe('older release files', () => {
  it('name family, release and codename', () => {
    expect(parseReleaseLine('AlmaLinux release 8.4 (Electric Cheetah)\n')).toMatchObject({
      id: 'almalinux',
      versionId: '8.4',
      codename: 'Electric Cheetah',
    });
    expect(parseReleaseLine('Strange OS release 1')).toBeUndefined();
  });

  it('have no version before a Debian release is made', () => {
    expect(parseDebianVersion('trixie/sid\n')).toMatchObject({ versionId: '', codename: 'trixie' });
  });

  it('reads a stream of extended support behind the release', () => {
    expect(parseOsRelease('ID=rhel\nVERSION_ID="9.4+eus"\n')).toMatchObject({ versionId: '9.4', channels: ['eus'] });
  });

  it('takes the name for the ID, and the number in VERSION for the release, where those are missing', () => {
    expect(parseOsRelease('NAME=windows\nVERSION="8 (x)"\n')).toMatchObject({ id: 'windows', versionId: '8' });
  });
});
