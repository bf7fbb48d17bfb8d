// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { vcpkgJson } from './vcpkg-json.ts';

describe('vcpkgJson', () => {
  it('reads dependencies, minimum versions and overrides', () => {
    const manifest = {
      name: 'app',
      'version-semver': '1.0.0',
      dependencies: ['fmt', { name: 'zlib', 'version>=': '1.2.11#9' }, { name: 'protobuf', host: true }],
      overrides: [{ name: 'fmt', version: '10.1.0', 'port-version': 2 }],
    };

    const { get } = catalogText(vcpkgJson, { 'vcpkg.json': JSON.stringify(manifest) });

    expect(get('app')).toMatchObject({ version: '1.0.0', relationship: 'root' });
    expect(get('fmt').version).toBe('10.1.0#2');
    expect(get('zlib').constraint).toBe('>=1.2.11#9');
    expect(get('protobuf').scope).toBe('build');
  });
});
