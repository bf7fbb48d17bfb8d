// SPDX-License-Identifier: Apache-2.0
// A signature may name a plugin, and a plugin is a program. Nobody but a signer who is trusted may have one started.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { notationFolder } from '../../src/apps/signatures/notation-folder.ts';
import { judgeSignature } from '../../src/apps/signatures/notation-verify.ts';
import type { NotationVerification } from '../../src/evidence/signatures/notation/verify.ts';
import { envelopeMediaTypes } from '../../src/formats/notation/envelope.ts';
import { artifact, codeOf, envelope, lookup, now, statementOf } from '../support/signing/notation.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A configuration folder with a plugin that leaves a mark when it is started. */
function folderWithPlugin(): { readonly root: string; readonly mark: string } {
  const root = mkdtempSync(join(tmpdir(), 'notation-plugin-'));
  folders.push(root);
  const mark = join(root, 'started');
  mkdirSync(join(root, 'plugins/acme'), { recursive: true });
  const metadata = { name: 'acme', description: 'x', version: '1.0.0', url: 'x', supportedContractVersions: ['1.0'] };
  const answer = JSON.stringify({ ...metadata, capabilities: ['SIGNATURE_VERIFIER.REVOCATION_CHECK'] });
  writeFileSync(join(root, 'plugins/acme/notation-acme'), `#!/bin/sh\ntouch '${mark}'\necho '${answer}'\n`, {
    mode: 0o755,
  });
  return { root, mark };
}

function judge(root: string, level: string, trusts: 'signer' | 'nobody'): Promise<NotationVerification> {
  const attributes = [{ name: 'io.cncf.notary.verificationPlugin', value: 'acme', isCritical: true }];
  const statement = statementOf({ signatureVerification: { level } });
  const folder = notationFolder(root);
  const verifier = {
    folder,
    statement,
    annotations: {},
    now,
    fetcher: undefined,
    environment: { PATH: '/usr/bin:/bin' },
  };
  return judgeSignature(
    { bytes: envelope('jws', { attributes }), mediaType: envelopeMediaTypes.jws },
    {
      artifact,
      verifier,
      lookup: trusts === 'signer' ? lookup : (name) => ({ kind: 'store', ...name, certificates: [] }),
    },
  );
}

describe('the plugin that a signature names', () => {
  it.each(['strict', 'audit'])('is not started for a signature of strangers at the level %s', async (level) => {
    const { root, mark } = folderWithPlugin();

    const verification = await judge(root, level, 'nobody');

    expect(codeOf(verification)).toBe('CERTIFICATE_UNTRUSTED');
    expect(existsSync(mark)).toBe(false);
  });

  it('is started for a signer who is trusted', async () => {
    const { root, mark } = folderWithPlugin();

    await judge(root, 'strict', 'signer');

    expect(existsSync(mark)).toBe(true);
  });
});
