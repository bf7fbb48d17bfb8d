// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { pythonInstalled } from './python-installed.ts';

const site = 'usr/lib/python3/site-packages';
const web = `Metadata-Version: 2.1
Name: Web_Thing
Version: 2.0
Summary: A web thing
Author: A. Person
Author-email: person@host.example
License: BSD
Classifier: License :: OSI Approved :: BSD License
Requires-Dist: Lib (>=1.0)
Requires-Dist: gone; extra == "x"

The long description.
`;

describe('pythonInstalled', () => {
  it('reads names, licences and facts of the metadata', () => {
    const { get } = catalogText(pythonInstalled, { [`${site}/web_thing-2.0.dist-info/METADATA`]: web });

    expect(get('Web_Thing')).toMatchObject({
      version: '2.0',
      purl: 'pkg:pypi/web-thing@2.0',
      licenses: ['BSD License'],
      facts: { description: 'A web thing', author: 'A. Person <person@host.example>', other: { license: 'BSD' } },
    });
    expect(get('Web_Thing').locations[0]?.line).toBe(2);
  });

  it('connects packages of one site-packages folder, and only of one', () => {
    const { packages } = catalogText(pythonInstalled, {
      [`${site}/web_thing-2.0.dist-info/METADATA`]: web,
      [`${site}/lib-1.5.egg-info`]: 'Name: lib\nVersion: 1.5\n',
      'opt/site-packages/lib-9.dist-info/METADATA': 'Name: lib\nVersion: 9\n',
    });

    expect(packages.find((item) => item.name === 'Web_Thing')?.dependsOn).toEqual(['lib@1.5']);
  });

  it('takes the licence expression first', () => {
    const metadata = web.replace('License: BSD', 'License-Expression: BSD-3-Clause');

    expect(catalogText(pythonInstalled, { 'x.dist-info/METADATA': metadata }).get('Web_Thing').licenses).toEqual([
      'BSD-3-Clause',
    ]);
  });

  it('knows installations from version control and archives', () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    const origin = JSON.stringify({ url: 'https://git.example/web.git', vcs_info: { vcs: 'git', commit_id: commit } });

    const { get } = catalogText(pythonInstalled, {
      'x.dist-info/METADATA': web,
      'x.dist-info/direct_url.json': origin,
    });

    expect(get('Web_Thing').purl).toContain('vcs_url=git%2Bhttps:');
    expect(get('Web_Thing').facts).toMatchObject({ repository: 'https://git.example/web.git', commit });
  });

  it('tells of metadata without name and version', () => {
    const { problems } = catalogText(pythonInstalled, { 'x.egg-info/PKG-INFO': '' });

    expect(problems).toMatchObject([{ kind: 'schema', hidesFindings: true }]);
  });
});
