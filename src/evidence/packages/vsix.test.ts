// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { storedZip } from '../../../test/conformance/zip-writer.ts';
import { vsix } from './vsix.ts';

function archive(files: Record<string, string>): Uint8Array {
  return storedZip(Object.entries(files).map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) })));
}

describe('vsix', () => {
  it('lists the extension and what it bundles', () => {
    const { get, names } = catalogText(vsix, {
      'x.VSIX': archive({
        'extension/package.json': '{"publisher": "p", "name": "ext", "version": "2.0.0"}',
        'extension/node_modules/a/package.json': '{"name": "a", "version": "1.0.0", "license": "MIT"}',
        'extension/not_node_modules/b/package.json': '{"name": "b", "version": "1.0.0"}',
      }),
    });

    expect(names).toEqual(['a@1.0.0', 'p.ext@2.0.0']);
    expect(get('p.ext').relationship).toBe('root');
    expect(get('a')).toMatchObject({ type: 'npm', licenses: ['MIT'] });
  });

  it('tells a broken manifest and reads the others', () => {
    const { names, problems } = catalogText(vsix, {
      'x.vsix': archive({
        'extension/node_modules/a/package.json': '{',
        'extension/node_modules/b/package.json': '{"name": "b", "version": "1.0.0"}',
      }),
    });

    expect(names).toEqual(['b@1.0.0']);
    expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
  });

  it('tells what is no archive', () => {
    expect(catalogText(vsix, { 'x.vsix': 'nothing' }).problems).toMatchObject([{ hidesFindings: true }]);
  });
});
