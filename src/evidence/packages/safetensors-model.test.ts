// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { safetensorsFile } from '../../../test/support/model-writer.ts';
import { numberTypeOf, parseSafetensorsHead } from '../../formats/safetensors.ts';
import { safetensorsModel } from './safetensors-model.ts';

const head = { __metadata__: { format: 'pt' }, a: { dtype: 'BF16', shape: [4, 8] }, b: { dtype: 'F32', shape: [2] } };

describe('safetensorsModel', () => {
  it('names a model by its folder where nothing else does', () => {
    const { get } = catalogText(safetensorsModel, { 'srv/tiny-llama/model.safetensors': safetensorsFile(head) });

    expect(get('tiny-llama').facts?.other).toMatchObject({ quantization: 'BF16', parameters: '34', tensors: '2' });
  });

  it('reads name and licence from the configuration and the model card beside it', () => {
    const { get } = catalogText(safetensorsModel, {
      'models/x/model.safetensors': safetensorsFile(head),
      'models/x/config.json': '{"_name_or_path":"org/Real","model_type":"llama"}',
      'models/x/README.md': '---\nlicense: apache-2.0\nbase_model: org/Base\n---\ntext',
    });

    expect(get('Real')).toMatchObject({
      licenses: ['apache-2.0'],
      facts: { architecture: 'llama', other: { baseModels: 'org/Base' } },
    });
  });

  it('makes one model of the files of a folder', () => {
    const { packages } = catalogText(safetensorsModel, {
      'm/model-1.safetensors': safetensorsFile(head),
      'm/model-2.safetensors': safetensorsFile(head),
    });

    expect(packages.map((item) => [item.name, item.facts?.other?.['tensors'], item.locations.length])).toEqual([
      ['m', '4', 2],
    ]);
  });

  it('tells of a head that is cut off', () => {
    const { problems } = catalogText(safetensorsModel, { 'm/a.safetensors': safetensorsFile(head).subarray(0, 20) });

    expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
  });

  it('knows one spelling for each type of number', () => {
    expect(['float16', 'torch.bfloat16', 'U8', 'bool'].map(numberTypeOf)).toEqual(['F16', 'BF16', 'U8', 'BOOL']);
  });

  it('never throws', () => {
    const valid = safetensorsFile(head);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(valid.length), (noise, at) => {
        parseSafetensorsHead(noise, 'a');
        parseSafetensorsHead(Buffer.concat([valid.subarray(0, at), noise, valid.subarray(at)]), 'a');
      }),
    );
  });
});
