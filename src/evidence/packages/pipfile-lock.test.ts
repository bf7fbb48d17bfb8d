// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { pipfileLock } from './pipfile-lock.ts';

const lock = `{
  "_meta": {"sources": []},
  "default": {
    "web": {
      "hashes": ["sha256:${'6'.repeat(64)}"],
      "version": "==2.0"
    },
    "fork": {"git": "https://git.example/fork.git", "ref": "0123456789abcdef0123456789abcdef01234567"},
    "app": {"editable": true, "path": "."}
  },
  "develop": {
    "web": {"version": "==2.0"},
    "tester": {"version": "==7.0", "markers": "os_name == 'nt'"}
  }
}`;

describe('pipfileLock', () => {
  it('gives version, digest and lines', () => {
    const { get } = catalogText(pipfileLock, { 'Pipfile.lock': lock });

    expect(get('web')).toMatchObject({ version: '2.0', scope: 'runtime', digests: [`sha256:${'6'.repeat(64)}`] });
    expect(get('web').locations[0]).toMatchObject({ line: 4, endLine: 7 });
  });

  it('knows what is for development only, and passes over the project itself', () => {
    const { get, names } = catalogText(pipfileLock, { 'Pipfile.lock': lock });

    expect(names).toEqual(['fork@', 'tester@7.0', 'web@2.0']);
    expect(get('tester')).toMatchObject({ scope: 'development', facts: { groups: ['develop'] } });
    expect(get('fork').facts).toMatchObject({ commit: '0123456789abcdef0123456789abcdef01234567' });
  });

  it('tells of a file cut in half', () => {
    const { problems } = catalogText(pipfileLock, { 'Pipfile.lock': lock.slice(0, 150) });

    expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
  });
});
