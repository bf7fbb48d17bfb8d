// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSecretRules } from '../../evidence/secrets/default-rules.ts';
import { createSecretScanner } from '../../evidence/secrets/scanner.ts';
import { scanFolder } from './scan-folder.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landwaiter-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('of a large file in UTF-16 only the first piece was read as such', () => {
  const token = ['ghp_', '1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ'].join('');
  const text = `\uFEFF${'nothing in this line\n'.repeat(450_000)}token = "${token}"\n`;
  writeFileSync(join(root, 'dump.txt'), Buffer.from(text, 'utf16le'));

  const { found } = scanFolder({ scanner: createSecretScanner(defaultSecretRules()), root, shownRoot: '' });
  expect(found.map(({ raw }) => `${raw.path}:${raw.startLine}`)).toEqual(['dump.txt:450001']);
});
