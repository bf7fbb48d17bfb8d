// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import { byKey, environment, judgement, keyWords as key, pem, time } from '../../../test/support/signing/own-key.ts';
import {
  imageProofs,
  outcomeOf,
  read,
  removeFoldersAfterEach,
  testFolder,
  verifyBlob,
} from '../../../test/support/signing/sign-and-verify.ts';

closeAfterEach();
removeFoldersAfterEach();

const bom = '{"bomFormat":"CycloneDX","specVersion":"1.6","serial":12345678901234567890}';

describe('attest', () => {
  it.each([[[]], [['--legacy']]])('signs a predicate from standard input %s', async (layout) => {
    const registry = await testRegistry();
    const image = imageOf();
    registry.put('team/app', image, '1');
    const name = `${registry.host}/team/app`;

    const { status } = await runCommand(
      ['attest', ...key, ...layout, '--type', 'cyclonedx', '--predicate', '-', `${name}@${image.digest}`],
      {
        cwd: testFolder(),
        environment,
        stdin: Buffer.from(bom),
      },
    );

    expect(status).toBe(0);
    const policy = byKey(pem, { predicateTypes: ['https://cyclonedx.org/bom'] });
    expect(
      (await imageProofs(name, image.digest, { policy, time })).map(({ verification }) => outcomeOf(verification)),
    ).toEqual(['verified']);
    const other = byKey(pem, { predicateTypes: ['https://spdx.dev/Document'] });
    expect(
      (await imageProofs(name, image.digest, { policy: other, time })).map(({ verification }) =>
        outcomeOf(verification),
      ),
    ).toEqual(['PREDICATE_TYPE']);
  });

  it('replaces attestations of the same type in the older layout', async () => {
    const registry = await testRegistry();
    const image = imageOf();
    registry.put('team/app', image, '1');
    const name = `${registry.host}/team/app`;
    const attest = (type: string, predicate: string, ...more: string[]) =>
      runCommand(
        ['attest', ...key, '--legacy', ...more, '--type', type, '--predicate', '-', `${name}@${image.digest}`],
        {
          cwd: testFolder(),
          environment,
          stdin: Buffer.from(predicate),
        },
      );

    await attest('cyclonedx', bom);
    await attest('custom', 'a note');
    await attest('cyclonedx', bom.replace('1.6', '1.7'), '--replace');

    const found = (await imageProofs(name, image.digest, judgement)).map(
      ({ annotations }) => annotations['predicateType'],
    );
    expect(new Set(found)).toEqual(
      new Set(['https://cosign.sigstore.dev/attestation/v1', 'https://cyclonedx.org/bom']),
    );
    expect(found).toHaveLength(2);
  });

  it('refuses a statement that is about another image', async () => {
    const registry = await testRegistry();
    registry.put('team/app', imageOf(), '1');
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ digest: { sha256: '0'.repeat(64) } }],
      predicateType: 'https://example.test/type',
      predicate: {},
    };
    const cwd = testFolder({ 's.json': JSON.stringify(statement) });

    const { status, stderr } = await runCommand(
      ['attest', ...key, '--statement', 's.json', `${registry.host}/team/app:1`],
      { cwd, environment },
    );

    expect(status).toBe(2);
    expect(stderr).toMatch(/the statement is not about sha256:/);
  });

  it.each([
    ['slsaprovenance1', '{}', /buildDefinition/],
    ['cyclonedx', 'no JSON', /predicate/],
    ['cyclonedx', '{"bomFormat":"CycloneDX","specVersion":"1.6","specVersion":"1.5"}', /predicate/],
    ['cyclonedxx', '{}', /did you mean cyclonedx/],
  ])('refuses a predicate of the type %s that is %s', async (type, predicate, reason) => {
    const registry = await testRegistry();
    registry.put('team/app', imageOf(), '1');

    const { status, stderr } = await runCommand(
      ['attest', ...key, '--type', type, '--predicate', '-', `${registry.host}/team/app:1`],
      {
        cwd: testFolder(),
        environment,
        stdin: Buffer.from(predicate),
      },
    );

    expect(status).not.toBe(0);
    expect(stderr).toMatch(reason);
  });
});

describe('attest-blob', () => {
  it('takes the predicate over as it stands, numbers included', async () => {
    const cwd = testFolder({ app: 'the file', 'p.json': bom });

    await runCommand(
      ['attest-blob', ...key, '--type', 'cyclonedx', '--predicate', 'p.json', '--bundle', 'b.json', 'app'],
      { cwd, environment },
    );

    const bundle = read(cwd, 'b.json');
    const { dsseEnvelope } = JSON.parse(bundle.toString()) as { dsseEnvelope: { payload: string } };
    expect(Buffer.from(dsseEnvelope.payload, 'base64').toString()).toContain(`"predicate":${bom}}`);
    expect(outcomeOf(verifyBlob(bundle, Buffer.from('the file'), judgement))).toBe('verified');
    expect(outcomeOf(verifyBlob(bundle, Buffer.from('other'), judgement))).toBe('ARTIFACT_MISMATCH');
  });

  it('takes a digest instead of the file', async () => {
    const cwd = testFolder({ 'p.json': bom });
    const digest = hash('sha256', 'the file');

    const { stdout } = await runCommand(
      ['attest-blob', ...key, '--type', 'cyclonedx', '--predicate', 'p.json', '--digest', digest],
      {
        cwd,
        environment,
      },
    );

    expect(outcomeOf(verifyBlob(Buffer.from(stdout.trim()), Buffer.from('the file'), judgement))).toBe('verified');
  });
});
