// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { defaultLimits } from '../../model/limits.ts';
import { pythonRequirements } from './python-requirements.ts';

describe('pythonRequirements', () => {
  it('gives a version only to what is pinned, and the constraint and lowest version to the rest', () => {
    const { get, problems } = catalogText(pythonRequirements, {
      'requirements.txt': 'Pinned_Lib==1.2\nranged[tls]>=2.0,<3; python_version > "3"\nany\n',
    });

    expect(problems).toEqual([]);
    expect(get('Pinned_Lib')).toMatchObject({ version: '1.2', purl: 'pkg:pypi/pinned-lib@1.2' });
    expect(get('ranged')).toMatchObject({
      version: '',
      constraint: '>=2.0,<3',
      facts: { other: { minimumVersion: '2.0', extras: 'tls', marker: 'python_version > "3"' } },
    });
    expect(get('any').constraint).toBeUndefined();
  });

  it('keeps hashes and the line of the requirement', () => {
    const hash = 'a'.repeat(64);

    const { get } = catalogText(pythonRequirements, { 'requirements.txt': `\nlib==1 \\\n  --hash=sha256:${hash}\n` });

    expect(get('lib').digests).toEqual([`sha256:${hash}`]);
    expect(get('lib').locations).toEqual([{ path: 'requirements.txt', line: 2 }]);
  });

  it('follows includes of other folders once, also in a cycle', () => {
    const { names, problems } = catalogText(pythonRequirements, {
      'app/requirements.txt': '-r ../requirements/base.in\na==1\n',
      'requirements/base.in': '-r ../app/requirements.txt\nb==2\n',
    });

    expect(problems).toEqual([]);
    expect(names).toEqual(['a@1', 'b@2']);
  });

  it('takes the version of an open requirement from a constraints file', () => {
    const { get } = catalogText(pythonRequirements, {
      'requirements.txt': '-c constraints.txt\nSome.Lib\n',
      'constraints.txt': 'some-lib==4.1\nunused==1\n',
    });

    expect(get('Some.Lib')).toMatchObject({ version: '4.1', purl: 'pkg:pypi/some-lib@4.1', id: 'Some.Lib@4.1' });
  });

  it('tells of includes that are missing or lie outside', () => {
    const { problems } = catalogText(pythonRequirements, {
      'requirements.txt': '-r gone.txt\n-r ../../etc/passwd\n-c https://host.example/c.txt\n',
    });

    expect(problems.map(({ kind, location }) => [kind, location.line])).toEqual([
      ['unresolved', 1],
      ['outside', 2],
      ['outside', 3],
    ]);
  });

  it('stops at too many includes', () => {
    const files: Record<string, string> = {};
    for (let index = 0; index < defaultLimits.includes + 5; index += 1) {
      files[`requirements${index}.txt`] = `-r requirements${index + 1}.txt\n`;
    }

    const { problems } = catalogText(pythonRequirements, files);

    expect(problems.some((problem) => problem.kind === 'limit')).toBe(true);
  });

  it('names packages of repositories and archives', () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';

    const { get, names } = catalogText(pythonRequirements, {
      'requirements.txt': `-e git+https://git.example/one.git@${commit}#egg=one\nhttps://host.example/two-2.0-py3-none-any.whl\n-e .\n./local\n`,
    });

    expect(names).toEqual(['one@', 'two@2.0']);
    expect(get('one').facts).toEqual({ repository: 'https://git.example/one.git', commit });
  });

  it('makes relations of the comments of pip-compile', () => {
    const { get } = catalogText(pythonRequirements, {
      'requirements.txt': 'idna==3\n    # via requests\nrequests==2\n    # via -r requirements.in\n',
    });

    expect(get('requests')).toMatchObject({ relationship: 'direct', dependsOn: ['idna@3'] });
    expect(get('idna').relationship).toBe('indirect');
  });

  it('takes licences from packages installed in the same target', () => {
    const { get } = catalogText(pythonRequirements, {
      'requirements.txt': 'Lib_A==1.0\nlib-b==1.0\n',
      'venv/lib/python3/site-packages/lib_a-1.0.dist-info/METADATA':
        'Name: lib-a\nVersion: 1.0\nLicense-Expression: MIT\n',
    });

    expect(get('Lib_A').licenses).toEqual(['MIT']);
    expect(get('lib-b').licenses).toEqual([]);
  });

  it('tells of lines it cannot read, but once for a text that only has the name', () => {
    const broken = catalogText(pythonRequirements, { 'requirements.txt': 'a==1\nb==${VERSION}\n' });
    const prose = catalogText(pythonRequirements, { 'requirements.txt': 'You need a computer.\nAnd a chair.\n' });

    expect(broken.problems).toMatchObject([{ kind: 'syntax', location: { line: 2 }, hidesFindings: true }]);
    expect(prose.problems).toMatchObject([{ kind: 'syntax', hidesFindings: false }]);
  });
});
