// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { loadSyntaxEngine } from '../../io/syntax-engine.ts';
import { codeFileScanner } from './code-scanner.ts';

const rule = 'id: no-eval\nlanguage: javascript\nseverity: error\nmessage: eval\nrule: { pattern: eval($A) }\n';

async function rulesFor(bytes: Uint8Array): Promise<readonly string[]> {
  const scanner = codeFileScanner({
    shipped: [],
    named: [{ path: 'rules.yml', text: rule }],
    loadEngine: loadSyntaxEngine,
    imported: [],
    problems: [],
  });
  scanner.take({ path: 'a.js', bytes });
  return (await scanner.finish()).decisions.map((decision) => decision.rule);
}

test('a source file in UTF-16 was searched as if it were UTF-8', async () => {
  expect(await rulesFor(Buffer.from('eval(x)'))).toEqual(['code/no-eval']);
  expect(await rulesFor(Buffer.from('\uFEFFeval(x)', 'utf16le'))).toEqual(['code/no-eval']);
});
