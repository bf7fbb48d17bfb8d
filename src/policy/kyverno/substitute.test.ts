// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { JmespathFault } from '../jmespath/fault.ts';
import { EvaluationContext } from './evaluation-context.ts';
import { Queries } from './queries.ts';
import { resolveReferences } from './references.ts';
import { substitute } from './substitute.ts';

const context = new EvaluationContext(
  {
    request: { operation: 'CREATE', object: { metadata: { name: 'web' } } },
    limits: { small: 3 },
    which: 'small',
    list: ['a', 'b'],
    loop: '{{ loop }}+{{ loop }}',
  },
  { queries: new Queries({ now: () => 0, random: () => 0 }), operation: 'CREATE' },
);

describe('variables', () => {
  it.each([
    ['{{ limits.small }}', 3],
    ['{{ list }}', ['a', 'b']],
    ['n={{ limits.small }} of {{ list }}', 'n=3 of ["a","b"]'],
    ['{{ limits.{{ which }} }}', 3],
    ['\\{{ which }}', '{{ which }}'],
    ['{{ request.object.metadata.name }}', 'web'],
    ['no variable', 'no variable'],
  ])('%s', (text, expected) => {
    expect(substitute(text, context)).toEqual(expected);
  });

  it('are replaced in keys as well', () => {
    expect(substitute({ 'x-{{ which }}': [{ a: '{{ which }}' }] }, context)).toEqual({ 'x-small': [{ a: 'small' }] });
  });

  it('cannot go on for ever', () => {
    expect(substitute('x{{ loop }}', context)).toBeInstanceOf(JmespathFault);
  });

  it('that nothing is known of are faults', () => {
    expect(substitute('{{ nowhere.at }}', context)).toBeInstanceOf(JmespathFault);
  });
});

describe('references', () => {
  it('take values from other places of the pattern', () => {
    const pattern = { spec: { limit: 5, request: '$(<=./../limit)', same: '$(./../limit)' } };
    expect(resolveReferences(pattern)).toEqual({
      kind: 'resolved',
      value: { spec: { limit: 5, request: '<=5', same: 5 } },
    });
  });

  it('that lead nowhere make the pattern invalid', () => {
    expect(resolveReferences({ a: '$(./../nowhere)' }).kind).toBe('invalid');
  });
});
