// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { compileJmespath } from '../expression.ts';
import { functionsOfKyverno } from './index.ts';

it.each(["multiply('9223372036854775807ns', `1e308`)", "divide('1h', `1e-320`)", 'add(`1e308`, `1e308`)'])(
  'what is larger than any number threw, or was an infinity that JSON has not: %s',
  (text) => {
    const compiled = compileJmespath(text, { dialect: 'kyverno', functions: functionsOfKyverno });
    const result = compiled.kind === 'expression' ? compiled.evaluate({}) : compiled;

    expect(result).toMatchObject({ kind: 'fault', code: 'runtime' });
  },
);
