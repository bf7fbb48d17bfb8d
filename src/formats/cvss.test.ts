// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCvss } from './cvss.ts';
import { metrics4 } from './cvss4.ts';

function scoreOf(vector: string): number | undefined {
  return parseCvss(vector)?.score;
}

describe('CVSS 2.0', () => {
  it.each([
    // Worked examples of the guide, section 3.3.
    ['AV:N/AC:L/Au:N/C:N/I:N/A:C', 7.8],
    ['AV:N/AC:L/Au:N/C:C/I:C/A:C', 10],
    ['AV:L/AC:H/Au:N/C:C/I:C/A:C', 6.2],
    ['(AV:N/AC:M/Au:N/C:N/I:P/A:N)', 4.3],
    ['AV:N/AC:L/Au:N/C:N/I:N/A:N', 0],
  ])('%s scores %s', (vector, score) => {
    expect(scoreOf(vector)).toBe(score);
  });
});

describe('CVSS 3', () => {
  it.each([
    // Published examples of FIRST: CVE-2013-1937, CVE-2013-0375, CVE-2014-3566, CVE-2014-0160, CVE-2014-6271, CVE-2009-0783, CVE-2012-1516.
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
    ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4],
    ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
    ['CVSS:3.0/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L', 4.2],
    ['CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H', 9.9],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0],
  ])('%s scores %s', (vector, score) => {
    expect(scoreOf(vector)).toBe(score);
  });

  it('gives the subscores that go into the base score', () => {
    expect(parseCvss('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H')).toMatchObject({
      exploitability: 3.9,
      impact: 5.9,
    });
  });

  it('leaves temporal metrics out of the base score', () => {
    expect(scoreOf('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U')).toBe(9.8);
  });
});

describe('CVSS 4.0', () => {
  it.each([
    // Published examples of FIRST.
    ['CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.3],
    ['CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.7],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 8.7],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 8.6],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N', 8.8],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N', 8.7],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', 0],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N', 8.7],
  ])('%s scores %s', (vector, score) => {
    expect(scoreOf(vector)).toBe(score);
  });

  it('lets threat metrics lower the score', () => {
    const base = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';

    expect([scoreOf(`${base}/E:P`), scoreOf(`${base}/E:U`)]).toEqual([8.9, 8.1]);
  });

  it('never scores a vector higher when one metric gets milder', () => {
    const base = ['AV', 'AC', 'AT', 'PR', 'UI', 'VC', 'VI', 'VA', 'SC', 'SI', 'SA'];
    const values = fc.tuple(...base.map((name) => fc.nat((metrics4[name]?.length ?? 1) - 1)));
    const vectorOf = (indices: readonly number[]) =>
      `CVSS:4.0/${base.map((name, at) => `${name}:${metrics4[name]?.[indices[at] ?? 0]}`).join('/')}`;

    fc.assert(
      fc.property(values, fc.nat(base.length - 1), (indices, at) => {
        const milder = indices.map((index, position) => (position === at ? index + 1 : index));
        if ((milder[at] ?? 0) >= (metrics4[base[at] ?? '']?.length ?? 0)) return true;
        return (scoreOf(vectorOf(milder)) ?? 99) <= (scoreOf(vectorOf(indices)) ?? -1);
      }),
    );
  });
});

describe('parseCvss', () => {
  it.each([
    '',
    'CVSS:3.1/AV:N',
    'CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:3.1/AV:Q/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:4.0/AV:INVALID',
    'CVSS:9.9/AV:N/AC:L/Au:N/C:N/I:N/A:C',
    'AV:N/AC:INVALID',
    'constructor:x',
  ])('refuses %j', (vector) => {
    expect(parseCvss(vector)).toBeUndefined();
  });

  it('never throws and scores between 0 and 10', () => {
    const pieces = fc.constantFrom(
      'CVSS:4.0',
      'CVSS:3.1',
      'AV:N',
      'AC:L',
      '/',
      ':',
      'Au:N',
      'C:H',
      'I:N',
      'A:P',
      '(',
      ')',
    );

    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join('/')),
        ),
        (text) => {
          const score = parseCvss(text)?.score ?? 0;
          return score >= 0 && score <= 10;
        },
      ),
    );
  });
});
