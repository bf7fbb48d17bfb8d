// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { pythonEnvironment } from './python-environment.ts';

describe('pythonEnvironment', () => {
  it('reads the version of Python, and whether packages of the system are seen', () => {
    const text = 'home = /usr/bin\ninclude-system-site-packages = true\n\n  version  =  3.11.2\n';

    const { get } = catalogText(pythonEnvironment, { 'venv/pyvenv.cfg': text });

    expect(get('python')).toMatchObject({
      version: '3.11.2',
      locations: [{ path: 'venv/pyvenv.cfg', line: 4 }],
      facts: { other: { systemPackages: 'yes', home: '/usr/bin' } },
    });
  });

  it('cuts the release level that virtualenv writes', () => {
    const { get } = catalogText(pythonEnvironment, { 'pyvenv.cfg': 'version_info = 3.12.1.final.0\n' });

    expect(get('python').version).toBe('3.12.1');
  });

  it('remarks on a file without version, which hides nothing', () => {
    const { problems } = catalogText(pythonEnvironment, { 'pyvenv.cfg': 'home = /usr/bin\n' });

    expect(problems).toMatchObject([{ kind: 'schema', hidesFindings: false }]);
  });
});
