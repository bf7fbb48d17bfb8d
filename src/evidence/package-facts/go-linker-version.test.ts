// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { goLinkerVersion } from './go-linker-version.ts';

describe('goLinkerVersion', () => {
  it.each([
    ['a variable of the module', '-X a.org/x/version.Version=v1.2.3', 'v1.2.3'],
    ['a variable of main', '-s -w -X main.version=1.2.3', '1.2.3'],
    ['a quoted setting', `-X 'a.org/x/version.Version=1.2.3'`, '1.2.3'],
    ['an escaped setting', String.raw`-X \"a.org/x/mysql.XReleaseVersion=v7.5.0\"`, 'v7.5.0'],
    ['a version behind a path', '-X a.org/x/api.version=tool/v4.5.7', 'v4.5.7'],
    ['the command before other packages', '-X a.org/x/cmd/a.Ver=1.0 -X a.org/x/pkg/version.Ver=2.0', '1.0'],
    ['another module of the same owner', '-X a.org/base/version.gitVersion=v1.27.1', 'v1.27.1'],
    ['nothing where variables disagree', '-X a.org/x/a.version=1.0 -X a.org/x/b.version=2.0', undefined],
    ['nothing for the version of something else', '-X a.org/x/common.kubectlVersion=v0.26', undefined],
    ['nothing that is no version', '-X main.version=unknown', undefined],
  ])('takes %s', (_title, flags, version) => {
    expect(goLinkerVersion(flags, 'a.org/x')).toBe(version);
  });
});
