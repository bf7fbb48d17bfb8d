// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { ggufFile } from '../../../test/support/model-writer.ts';
import { parseGgufHead } from '../../formats/gguf.ts';
import { ggufModel } from './gguf-model.ts';

describe('ggufModel', () => {
  it('reads name, version, licence and architecture from the description', () => {
    const file = ggufFile({
      'general.name': 'small',
      'general.version': '1.1',
      'general.license': 'mit',
      'general.architecture': 'llama',
    });

    const { get } = catalogText(ggufModel, { 'models/small.gguf': file });

    expect(get('small')).toMatchObject({
      version: '1.1',
      licenses: ['mit'],
      purl: 'pkg:generic/small@1.1',
      facts: { architecture: 'llama', other: { kind: 'model', format: 'GGUF 3' } },
    });
  });

  it('takes nameless files of a folder for parts of the one model that has a name', () => {
    const { packages } = catalogText(ggufModel, {
      'm/1.gguf': ggufFile({ 'general.name': 'big' }),
      'm/2.gguf': ggufFile({}),
      'other/3.gguf': ggufFile({}),
    });

    expect(packages.map((item) => [item.name, item.locations.length])).toEqual([['big', 2]]);
  });

  it('tells of a description that is cut off before the name, and of a file that is none', () => {
    const whole = ggufFile({ 'general.name': 'small' });

    const { problems } = catalogText(ggufModel, { 'a.gguf': whole.subarray(0, 60), 'b.gguf': 'no model' });

    expect(problems.map((problem) => [problem.location.path, problem.hidesFindings])).toEqual([
      ['a.gguf', true],
      ['b.gguf', true],
    ]);
  });

  it('never throws', () => {
    const valid = ggufFile({ 'general.name': 'small', 'general.version': '1' });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(valid.length), (noise, at) => {
        parseGgufHead(noise, 'a');
        parseGgufHead(Buffer.concat([valid.subarray(0, at), noise, valid.subarray(at)]), 'a');
      }),
    );
  });
});
