// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { setupPy } from './setup-py.ts';

describe('setupPy', () => {
  it('reads literal lists, also through a name, with their lines', () => {
    const source = `from setuptools import setup
NEEDS = [
    "a==1.0",
    'b>=2 ; python_version < "3"',
]
setup(
    name="lib",
    version="0.5",
    license="MIT",
    install_requires=NEEDS + ["c"],
    extras_require={"docs": ["d==4"]},
    tests_require="e",
)
`;

    const { get, names, problems } = catalogText(setupPy, { 'setup.py': source });

    expect(problems).toEqual([]);
    expect(names).toEqual(['a@1.0', 'b@', 'c@', 'd@4', 'e@', 'lib@0.5']);
    expect(get('lib')).toMatchObject({ relationship: 'root', licenses: ['MIT'] });
    expect(get('a').locations).toEqual([{ path: 'setup.py', line: 3 }]);
    expect(get('d')).toMatchObject({ scope: 'optional', facts: { groups: ['docs'] } });
    expect(get('e').scope).toBe('test');
  });

  it('tells of lists that the script computes, and reads the literals inside', () => {
    const { names, problems } = catalogText(setupPy, { 'setup.py': 'setup(install_requires=["a==1"] + read())\n' });

    expect(names).toEqual(['a@1']);
    expect(problems).toMatchObject([{ kind: 'unresolved', location: { line: 1 }, hidesFindings: true }]);
  });

  it('does not worry when the script reads a requirements file, which is cataloged by itself', () => {
    const source = 'setup(install_requires=open("requirements.txt").read().splitlines())\n';

    expect(catalogText(setupPy, { 'setup.py': source }).problems.every((problem) => !problem.hidesFindings)).toBe(true);
  });

  it('passes over templates and comments', () => {
    const source = 'setup(install_requires=["a=={}".format(v), # "b==1"\n "c==3"])\n';

    expect(catalogText(setupPy, { 'setup.py': source }).names).toEqual(['c@3']);
  });
});
