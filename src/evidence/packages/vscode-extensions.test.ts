// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { chromeExtension } from './chrome-extension.ts';
import { nodeVersion } from './node-version.ts';
import { vscodeExtensions } from './vscode-extensions.ts';

describe('vscodeExtensions', () => {
  it('lists installed extensions with publisher and platform', () => {
    const list = [
      {
        identifier: { id: 'p.ext' },
        version: '1.2.3',
        metadata: { publisherDisplayName: 'P Inc', targetPlatform: 'linux-x64' },
      },
    ];

    const { get } = catalogText(vscodeExtensions, {
      'home/u/.vscode/extensions/extensions.json': JSON.stringify(list),
    });

    expect(get('p.ext')).toMatchObject({
      version: '1.2.3',
      purl: 'pkg:generic/p.ext@1.2.3',
      facts: { supplier: 'P Inc', architecture: 'linux-x64' },
    });
  });

  it('tells what is no list, and entries without an identifier', () => {
    expect(catalogText(vscodeExtensions, { 'extensions/extensions.json': '{}' }).problems).toMatchObject([
      { kind: 'schema' },
    ]);
    expect(catalogText(vscodeExtensions, { 'extensions/extensions.json': '[{}]' }).problems).toMatchObject([
      { kind: 'schema' },
    ]);
  });
});

describe('chromeExtension', () => {
  const folder = `Extensions/${'abcdefgh'.repeat(4)}/1.0.0`;

  it('names an extension by its id and takes texts of the default language', () => {
    const { get } = catalogText(chromeExtension, {
      [`${folder}/_locales/en/messages.json`]: '{"EXTNAME": {"message": "Notes"}}',
      [`${folder}/manifest.json`]:
        '{"name": "__MSG_extName__", "version": "1.0.0", "default_locale": "en", "permissions": ["tabs", "storage"]}',
    });

    expect(get('abcdefgh'.repeat(4))).toMatchObject({
      version: '1.0.0',
      facts: { other: { title: 'Notes', permissions: 'tabs storage' } },
    });
  });

  it('tells a manifest without a version, and missing texts as a remark', () => {
    expect(catalogText(chromeExtension, { [`${folder}/manifest.json`]: '{}' }).problems).toMatchObject([
      { hidesFindings: true },
    ]);
    expect(
      catalogText(chromeExtension, { [`${folder}/manifest.json`]: '{"version": "1", "default_locale": "en"}' })
        .problems,
    ).toMatchObject([{ kind: 'unresolved', hidesFindings: false }]);
  });
});

describe('nodeVersion', () => {
  it('reads an exact release, and keeps anything else as constraint', () => {
    expect(catalogText(nodeVersion, { '.nvmrc': '# comment\nv20.11.1\n' }).get('node')).toMatchObject({
      version: '20.11.1',
      locations: [{ path: '.nvmrc', line: 2 }],
    });
    expect(catalogText(nodeVersion, { '.node-version': 'lts/iron\n' }).get('node')).toMatchObject({
      version: '',
      constraint: 'lts/iron',
    });
  });
});
