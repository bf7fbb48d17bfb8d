// SPDX-License-Identifier: Apache-2.0
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';
import { readDocuments } from './policy-files.ts';

removeFoldersAfterEach();

const object = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';
const reading = (cwd: string) => ({ cwd, readStdin: () => Promise.resolve(new Uint8Array()) });

test('a mounted ConfigMap used to bring each document twice: by its link, and from the folder that the link leads to', async () => {
  const cwd = testFolder({ 'p/..2026_01_01/a.yaml': object });
  symlinkSync('..2026_01_01', join(cwd, 'p', '..data'));
  symlinkSync('..data/a.yaml', join(cwd, 'p', 'a.yaml'));

  const { documents } = await readDocuments(['p'], reading(cwd));

  expect(documents).toHaveLength(1);
});

test('a link that leads nowhere used to be passed over: it hides what it stands for', async () => {
  const cwd = testFolder({ 'p/a.yaml': object });
  symlinkSync('gone.yaml', join(cwd, 'p', 'b.yaml'));

  const { documents, problems } = await readDocuments(['p'], reading(cwd));

  expect(documents).toHaveLength(1);
  expect(problems).toMatchObject([{ kind: 'unreadable', location: { path: 'p/b.yaml' }, hidesFindings: true }]);
});
