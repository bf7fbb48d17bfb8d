// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { pubspecYaml } from './pubspec-yaml.ts';

describe('pubspecYaml', () => {
  it('gives the package and what it requires', () => {
    const text =
      'name: app\nversion: 1.2.3+4\ndependencies:\n  http: ^1.1.0\n  path: 1.8.3\n  flutter:\n    sdk: flutter\ndev_dependencies:\n  test: any\n';

    const { get, packages } = catalogText(pubspecYaml, { 'pubspec.yaml': text });

    expect(get('app')).toMatchObject({ version: '1.2.3+4', relationship: 'root', purl: 'pkg:pub/app@1.2.3%2B4' });
    expect(get('http')).toMatchObject({ version: '', constraint: '^1.1.0', locations: [{ line: 4 }] });
    expect(get('path').version).toBe('1.8.3');
    expect(get('test').scope).toBe('development');
    expect(packages).toHaveLength(4);
  });
});
