// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isOfRapidFort, rapidFortOf, supplierOf } from './suppliers.ts';

describe('supplierOf', () => {
  it.each([
    ['PyPI', 'seal-requests', '', { ecosystem: 'Seal:PyPI', certainty: 'sure' }],
    ['PyPI', 'django', '4.2.8+sp1', { ecosystem: 'Seal:PyPI', certainty: 'sure' }],
    ['npm', 'ejs', '3.1.8-sp1', { ecosystem: 'Seal:npm', certainty: 'candidate' }],
    ['npm', 'ejs', '3.1.8', undefined],
    ['Maven', 'seal.space:thing', '1.0', undefined],
    ['Hex', 'seal-cowboy', '2.9.0', undefined],
    ['Ubuntu:22.04:LTS', 'seal-wget', '1.21-1', { ecosystem: 'Seal:Debian', certainty: 'sure' }],
    ['Red Hat:9', 'seal-wget', '1.12-10.el6', { ecosystem: 'Seal:Red Hat:6', certainty: 'sure' }],
    ['Alpine:v3.19', 'less', '643-r00072', { ecosystem: 'Root:Alpine:v3.19', certainty: 'sure', original: 'less' }],
    ['Alpine:v3.19', 'less', '643-r2', undefined],
    ['PyPI', '', '1.0', undefined],
  ])('%s %s %s', (ecosystem, name, version, expected) => {
    expect(supplierOf(ecosystem, name, version)).toEqual(expected);
  });
});

describe('rapidFortOf', () => {
  it.each([
    ['Ubuntu:22.04:LTS', '7.81.0-1ubuntu1.13', 'RapidFort:Ubuntu:22.04:LTS'],
    ['Ubuntu:22.04:LTS', '2.46-5rfubu', 'RapidFort:Ubuntu'],
    ['Ubuntu:22.04:LTS', '2.5.2-1build0+rf.0', 'RapidFort:Ubuntu'],
    ['Red Hat:enterprise_linux:9::baseos', '7.76.1-20', 'RapidFort:Red Hat:9'],
    ['Red Hat:9', '7.76.1-20.el8', 'RapidFort:Red Hat:8'],
    ['Red Hat:9', '7.76.1-20.fc39', 'RapidFort:Fedora:39'],
    ['Red Hat:9', '7.76.1-20.rf1', 'RapidFort:Red Hat'],
    ['Alpine:v3.18', '3.1.3-r0', 'RapidFort:Alpine:v3.18'],
  ])('%s %s', (ecosystem, version, expected) => {
    expect(rapidFortOf(ecosystem, version)).toBe(expected);
  });

  it('takes no other version for one of RapidFort', () => {
    expect(['1.0-1.el9', '2.0-rf', 'arfubu', '1.2+rfc1'].map(isOfRapidFort)).toEqual([false, false, false, false]);
  });
});
