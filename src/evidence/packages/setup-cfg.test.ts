// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { setupCfg } from './setup-cfg.ts';

describe('setupCfg', () => {
  it('reads the project and its lists', () => {
    const text = `[metadata]
name = lib
version = attr: lib.__version__
[options]
install_requires =
    a==1.0
    b>=2; python_version < "3"
[options.extras_require]
docs = c
`;

    const { get, names, problems } = catalogText(setupCfg, { 'setup.cfg': text });

    expect(problems).toEqual([]);
    expect(names).toEqual(['a@1.0', 'b@', 'c@', 'lib@']);
    expect(get('lib').purl).toBeUndefined();
    expect(get('lib').dependsOn).toEqual(['a@1.0', 'b', 'c']);
    expect(get('b').locations).toEqual([{ path: 'setup.cfg', line: 7 }]);
    expect(get('c').scope).toBe('optional');
  });

  it('gives nothing for a file that only configures tools', () => {
    expect(catalogText(setupCfg, { 'setup.cfg': '[flake8]\nmax-line-length = 100\n' }).packages).toEqual([]);
  });

  it('says where requirements stand in another file', () => {
    const { problems } = catalogText(setupCfg, {
      'setup.cfg': '[options]\ninstall_requires = file: requirements.txt\n',
    });

    expect(problems).toMatchObject([{ kind: 'unresolved', hidesFindings: false }]);
  });
});
