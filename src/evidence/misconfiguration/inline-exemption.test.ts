// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlineExemptionOf, inlineExemptions } from './inline-exemption.ts';

describe('inlineExemptions', () => {
  it('reads every notation, with the line they are about', () => {
    const text = [
      '# landwaiter:ignore=a-b,c until=2026-12-31 because of this',
      '# trivy:ignore:KSV-0012 trivy:ignore:AVD-DS-0001:exp:2026-01-01',
      'x: 1 # landwaiter: ignore=all',
      '# hadolint ignore=DL3008, DL3009',
      '',
      'RUN x',
      '# nothing',
    ].join('\n');

    expect(inlineExemptions(text)).toEqual([
      { notation: 'landwaiter', ids: ['a-b', 'c'], until: '2026-12-31', reason: 'because of this', line: 1, target: 3 },
      { notation: 'trivy', ids: ['KSV-0012'], reason: '', line: 2, target: 3 },
      { notation: 'trivy', ids: ['AVD-DS-0001'], until: '2026-01-01', reason: '', line: 2, target: 3 },
      { notation: 'landwaiter', ids: ['all'], reason: '', line: 3, target: 3 },
      { notation: 'hadolint', ids: ['DL3008', 'DL3009'], reason: '', line: 4, target: 6 },
    ]);
  });

  it.each([
    'landwaiter:ignore=a until=31.12.2026 soon',
    'landwaiter:ignore=a until: 2026-12-31',
    'landwaiter:ignore=a until=2026-1-5',
    'trivy:ignore:KSV-0012:exp:2026-1-5',
    'trivy:ignore:KSV-0012:exp: 2026-12-31',
  ])('with a day that cannot be read held for ever: %s', (comment) => {
    expect(inlineExemptions(`# ${comment}\nx: 1`)).toEqual([]);
  });

  it('may say "until" in their reason', () => {
    expect(inlineExemptions('# landwaiter:ignore=a until the driver is gone\nx: 1')).toHaveLength(1);
  });

  it('takes numbers in every spelling', () => {
    const check = { id: 'x', aliases: ['KSV-0012', 'kube-linter/y'] };
    const taken = (id: string): boolean =>
      inlineExemptionOf(inlineExemptions(`a: 1 # trivy:ignore:${id}`), check, { path: 'a', lines: new Set([1]) }) !==
      undefined;

    expect(['KSV-0012', 'KSV012', 'AVD-KSV-0012', 'ksv-12', 'x', '*'].filter((id) => !taken(id))).toEqual([]);
    expect(['KSV-0013', 'KSV-00120', 'y', 'XKSV-0012'].filter(taken)).toEqual([]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('# ', 'trivy:ignore:', 'landwaiter:ignore=', 'until=', ':exp:', ',', 'a', '\n', '2026-13-45'),
        ),
        (parts) => {
          inlineExemptions(parts.join(''));
        },
      ),
    );
  });
});
