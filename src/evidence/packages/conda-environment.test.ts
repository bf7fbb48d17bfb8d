// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { condaEnvironment } from './conda-environment.ts';

const environment = `name: test
channels: [defaults]
dependencies:
  - _mutex
  - blas=1.0=openblas
  - conda-forge::numpy==1.26.4
  - python>=3.9
  - pip:
      - django==4.2
      - -r more.txt
prefix: /opt/conda/envs/test
`;

describe('condaEnvironment', () => {
  it('reads packages of conda and of pip, with lines', () => {
    const { get, names, problems } = catalogText(condaEnvironment, { 'environment.yml': environment });

    expect(problems).toEqual([]);
    expect(names).toEqual(['_mutex@', 'blas@1.0', 'django@4.2', 'numpy@1.26.4', 'python@']);
    expect(get('blas')).toMatchObject({ purl: 'pkg:conda/blas@1.0?build=openblas', locations: [{ line: 5 }] });
    expect(get('numpy').purl).toBe('pkg:conda/numpy@1.26.4?channel=conda-forge');
    expect(get('python').constraint).toBe('>=3.9');
    expect(get('django').type).toBe('pypi');
  });

  it.each(['just text', 'dependencies: [1]', 'dependencies: [{pip: text}]', 'dependencies: [{pip: [{a: 1}]}]'])(
    'tells of %j',
    (text) => {
      expect(catalogText(condaEnvironment, { 'environment.yaml': text }).problems).toMatchObject([
        { kind: 'schema', hidesFindings: true },
      ]);
    },
  );
});
