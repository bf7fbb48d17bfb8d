// SPDX-License-Identifier: Apache-2.0
// `notation sign`, `blob`, `cert`, `key` and `policy`, each used as a person would: what one writes the other reads.
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../test/support/command-line.ts';
import { runCommand } from '../../../test/support/command-line.ts';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import { ecKeys, pemOf } from '../../../test/support/signing/certificates.ts';
import { expiredSigner, now, policyText, root, signer } from '../../../test/support/signing/notation.ts';
import type { SigningServices } from '../../../test/support/signing/services.ts';
import { signingServices } from '../../../test/support/signing/services.ts';
import { read, removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';
import { makeSigstore } from '../../../test/support/signing/sigstore.ts';
import { parseCertificate } from '../../formats/x509.ts';

closeAfterEach();
removeFoldersAfterEach();

const image = imageOf({ layers: ['the program'] });
const world = makeSigstore();
const rootPem = pemOf('CERTIFICATE', root.certificate.encoded);
const blobPolicy = policyText({ name: 'files', registryScopes: undefined, globalPolicy: true });

const open: SigningServices[] = [];
afterEach(async () => {
  for (const services of open.splice(0)) await services.close();
});

function keyFiles(by = signer): Record<string, string> {
  return {
    'key.pem': by.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    'chain.pem': pemOf('CERTIFICATE', by.certificate.encoded) + rootPem,
  };
}

function folder(files: Readonly<Record<string, string>> = {}): string {
  return testFolder({
    ...keyFiles(),
    app: 'the file',
    'n/trustpolicy.json': policyText(),
    'n/trustpolicy.blob.json': blobPolicy,
    'n/truststore/x509/ca/own/root.pem': rootPem,
    ...files,
  });
}

function notation(cwd: string, ...words: readonly string[]): Promise<Outcome> {
  return runCommand(['notation', ...words, '--notation-config', 'n'], { cwd, now });
}

async function pushed(): Promise<string> {
  const registry = await testRegistry();
  registry.put('team/app', image, 'v1');
  return `${registry.host}/team/app:v1`;
}

const withFiles = ['--key', 'key.pem', '--certificate-chain', 'chain.pem'];

describe('notation sign', () => {
  it.each(['jws', 'cose'])('makes a signature in %s that verify takes, with its remarks', async (format) => {
    const [cwd, name] = [folder(), await pushed()];

    const signed = await notation(cwd, 'sign', ...withFiles, '--signature-format', format, '-m', 'team=blue', name);
    const verified = await notation(cwd, 'verify', '-a', 'team=blue', name);

    expect(signed.stdout).toContain(`(${image.digest}) with key.pem; kept as sha256:`);
    expect([signed.status, verified.status]).toEqual([0, 0]);
  });

  it('signs with the default of signingkeys.json and the format of config.json', async () => {
    const [cwd, name] = [folder({ 'n/config.json': '{"signatureFormat":"cose"}' }), await pushed()];

    await notation(cwd, 'key', 'add', 'release', ...withFiles, '--default');
    const signed = await notation(cwd, 'sign', name);
    const listed = await notation(cwd, 'list', name);

    expect(signed.stdout).toContain('with release');
    expect(listed.stdout).toContain('application/cose');
  });

  it('makes a signature that ends', async () => {
    const [cwd, name] = [folder(), await pushed()];
    await notation(cwd, 'sign', ...withFiles, '--expiry', '1h', name);
    const verify = ['notation', 'verify', '--notation-config', 'n', name];

    const soon = await runCommand(verify, { cwd, now: now + 60_000 });
    const later = await runCommand(verify, { cwd, now: now + 2 * 3_600_000 });

    expect(soon.status).toBe(0);
    expect(later.stdout).toContain('SIGNATURE_EXPIRED');
    expect(later.status).toBe(1);
  });

  it('has the signature timestamped, and a policy with a tsa store takes it', async () => {
    const services = await signingServices(world, { now });
    open.push(services);
    const stampRoot = pemOf('CERTIFICATE', world.stampRoot.certificate.encoded);
    const cwd = folder({
      'stamp.pem': stampRoot,
      'n/trustpolicy.json': policyText({ trustStores: ['ca:own', 'tsa:stamps'] }),
      'n/truststore/x509/tsa/stamps/root.pem': stampRoot,
    });
    const name = await pushed();
    const stamp = ['--timestamp-url', `${services.stamps.url}/api/v1/timestamp`, '--timestamp-root-cert'];

    const plain = await notation(cwd, 'sign', ...withFiles, name);
    const before = await notation(cwd, 'verify', name);
    const stamped = await notation(cwd, 'sign', ...withFiles, ...stamp, 'stamp.pem', name);
    const after = await notation(cwd, 'verify', name);
    const stranger = await notation(cwd, 'sign', ...withFiles, ...stamp, 'chain.pem', name);

    expect([plain.status, before.status, stamped.status, after.status]).toEqual([0, 1, 0, 0]);
    expect(stranger.stderr).toContain('the timestamp authority');
    expect(stranger.status).toBe(3);
  });

  it.each<readonly [string, Record<string, string>, readonly string[], string]>([
    ['a certificate that has expired', keyFiles(expiredSigner), [], 'was not valid'],
    [
      'a key of another certificate',
      { 'key.pem': ecKeys().privateKey.export({ format: 'pem', type: 'pkcs8' }) as string },
      [],
      'for another key',
    ],
    ['an end in the past', {}, ['--expiry', '-1h'], 'no time of whole seconds'],
    ['a reserved remark', {}, ['-m', 'io.cncf.notary.x=1'], 'reserved'],
    ['a timestamp that nobody could check', {}, ['--timestamp-url', 'http://127.0.0.1:1/'], 'go together'],
  ])('makes none with %s', async (_name, files, flags, said) => {
    const [cwd, name] = [folder(files), await pushed()];

    const { status, stderr } = await notation(cwd, 'sign', ...withFiles, ...flags, name);

    expect(stderr).toContain(said);
    expect(status).toBeGreaterThan(0);
    expect((await notation(cwd, 'list', name)).status).toBe(1);
  });

  it('says what is missing when no key is named', async () => {
    const { status, stderr } = await notation(folder(), 'sign', await pushed());

    expect(stderr).toContain('signingkeys.json has no default');
    expect(status).toBe(2);
  });

  it('signs an image in a layout', async () => {
    const [cwd, name] = [folder(), await pushed()];
    await runCommand(['save', name, 'layout'], { cwd, now });

    const signed = await notation(cwd, 'sign', ...withFiles, 'oci-dir:layout');
    const verified = await notation(cwd, 'verify', 'oci-dir:layout');

    expect([signed.status, verified.status]).toEqual([0, 0]);
  });
});

describe('a key of a plugin', () => {
  /** Signs with the key beside it; `change` spoils its answers. */
  function pluginFolder(change = ''): string {
    const certificates = [signer, root].map(({ certificate }) => certificate.encoded.toString('base64'));
    const source = `#!${process.execPath}
const { sign } = require('node:crypto');
const question = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const key = require('node:fs').readFileSync(__dirname + '/../../../key.pem');
const answers = {
  'get-plugin-metadata': () => ({ name: 'cloud', version: '1.0.0', capabilities: ['SIGNATURE_GENERATOR.RAW'] }),
  'describe-key': () => ({ keyId: question.keyId, keySpec: 'EC-256' }),
  'generate-signature': () => ({
    keyId: question.keyId,
    signingAlgorithm: 'ECDSA-SHA-256',
    signature: sign('sha256', Buffer.from(question.payload, 'base64'), { key, dsaEncoding: 'ieee-p1363' }).toString('base64'),
    certificateChain: ${JSON.stringify(certificates)},
  }),
};
const answer = answers[process.argv[2]]();
${change}
process.stdout.write(JSON.stringify(answer));
`;
    const cwd = folder({ 'n/plugins/cloud/notation-cloud': source });
    chmodSync(join(cwd, 'n/plugins/cloud/notation-cloud'), 0o755);
    return cwd;
  }

  const signWith = async (cwd: string, name: string): Promise<Outcome> => {
    await notation(cwd, 'key', 'add', 'kept', '--plugin', 'cloud', '--id', 'key-7', '--default');
    return notation(cwd, 'sign', name);
  };

  it('signs, and verify takes it', async () => {
    const [cwd, name] = [pluginFolder(), await pushed()];

    const signed = await signWith(cwd, name);
    const verified = await notation(cwd, 'verify', name);

    expect(`${signed.status} ${signed.stderr}`).toMatch(/^0/);
    expect(verified.status).toBe(0);
  });

  it.each([
    ['another signature', "if (answer.signature) answer.signature = Buffer.alloc(64, 1).toString('base64');"],
    ['another algorithm', "if (answer.signature) answer.signingAlgorithm = 'RSASSA-PSS-SHA-256';"],
    ['another key', "answer.keyId &&= 'key-8';"],
    ['no certificates', 'if (answer.signature) answer.certificateChain = [];'],
    ['a chain without its root', 'if (answer.signature) answer.certificateChain.pop();'],
    ['a kind of key that nobody knows', "answer.keySpec &&= 'EC-255';"],
    ['no capability to sign', 'answer.capabilities &&= [];'],
  ])('publishes nothing when the plugin has %s', async (_name, change) => {
    const [cwd, name] = [pluginFolder(change), await pushed()];

    const signed = await signWith(cwd, name);

    expect(signed.status).toBeGreaterThan(0);
    expect((await notation(cwd, 'list', name)).status).toBe(1);
  });
});

describe('notation blob', () => {
  it.each(['jws', 'cose'])('signs a file in %s, and verifies this file only', async (format) => {
    const cwd = folder({ other: 'another file' });
    const verify = ['blob', 'verify', '--signature', `app.${format}.sig`];

    const signed = await notation(cwd, 'blob', 'sign', ...withFiles, '--signature-format', format, 'app');
    const same = await notation(cwd, ...verify, 'app');
    const other = await notation(cwd, ...verify, 'other');
    const typed = await notation(cwd, ...verify, '--media-type', 'text/plain', 'app');

    expect(signed.stdout).toContain(`app.${format}.sig`);
    expect([signed.status, same.status, other.status, typed.status]).toEqual([0, 0, 1, 1]);
  });

  it('writes over no signature unless it is told to', async () => {
    const cwd = folder();
    const words = ['blob', 'sign', ...withFiles, 'app'];

    const first = await notation(cwd, ...words);
    const second = await notation(cwd, ...words);
    const forced = await notation(cwd, ...words, '--force');

    expect([first.status, forced.status]).toEqual([0, 0]);
    expect(second.stderr).toContain('exists already');
  });

  it('needs a statement for files', async () => {
    const cwd = folder({ 'n/trustpolicy.blob.json': blobPolicy.replace('true', 'false') });
    await notation(cwd, 'blob', 'sign', ...withFiles, 'app');

    const { status, stderr } = await notation(cwd, 'blob', 'verify', '--signature', 'app.jws.sig', 'app');
    const named = await notation(cwd, 'blob', 'verify', '--policy-name', 'files', '--signature', 'app.jws.sig', 'app');

    expect(stderr).toContain('no statement is the global policy');
    expect([status, named.status]).toEqual([2, 0]);
  });
});

describe('notation cert', () => {
  it('adds, lists, shows and deletes certificates of trust stores', async () => {
    const cwd = testFolder({ 'root.pem': rootPem });
    const store = ['--type', 'ca', '--store', 'acme'];

    const added = await notation(cwd, 'cert', 'add', ...store, 'root.pem');
    const listed = await notation(cwd, 'cert', 'list', '--format', 'json');
    const shown = await notation(cwd, 'cert', 'show', ...store, 'root.pem');
    const unasked = await notation(cwd, 'cert', 'delete', ...store, 'root.pem');
    const deleted = await notation(cwd, 'cert', 'delete', ...store, '--yes', 'root.pem');

    expect(added.status).toBe(0);
    expect(JSON.parse(listed.stdout)).toEqual([{ type: 'ca', store: 'acme', file: 'root.pem' }]);
    expect(shown.stdout).toContain('subject: CN=Test root');
    expect([unasked.status, deleted.status]).toEqual([2, 0]);
    expect((await notation(cwd, 'cert', 'list', '--format', 'json')).stdout).toBe('[]\n');
  });

  it.each([
    ['a leaf', 'leaf.pem', 'acme', 'leaf.pem'],
    ['a name that leads out of the folder', 'root.pem', '../acme', 'no name of a store'],
    ['a key', 'key.pem', 'acme', 'key.pem'],
  ])('does not trust %s', async (_name, file, store, said) => {
    const cwd = testFolder({
      ...keyFiles(),
      'root.pem': rootPem,
      'leaf.pem': pemOf('CERTIFICATE', signer.certificate.encoded),
    });

    const { status, stderr } = await notation(cwd, 'cert', 'add', '--type', 'ca', '--store', store, file);

    expect(stderr).toContain(said);
    expect(status).toBeGreaterThan(0);
  });

  it('makes a test certificate that signs, with a key that only its owner reads', async () => {
    const [cwd, name] = [testFolder({ 'policy.json': policyText({ trustStores: ['ca:wabbit'] }) }), await pushed()];

    const made = await notation(cwd, 'cert', 'generate-test', '--trust', '--default', 'wabbit');
    await notation(cwd, 'policy', 'import', 'policy.json');
    const signed = await notation(cwd, 'sign', name);
    const verified = await notation(cwd, 'verify', name);

    expect([made.status, signed.status, verified.status]).toEqual([0, 0, 0]);
    expect(statSync(join(cwd, 'n/localkeys/wabbit.key')).mode & 0o777).toBe(0o600);
    const pem = read(cwd, 'n/localkeys/wabbit.crt').toString();
    const bytes = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    expect(parseCertificate(bytes)).toMatchObject({ kind: 'parsed', value: { isAuthority: false } });
  });
});

describe('notation key', () => {
  it('adds, lists, changes the default and deletes', async () => {
    const cwd = folder();
    await notation(cwd, 'key', 'add', 'one', ...withFiles, '--default');
    await notation(cwd, 'key', 'add', 'two', '--plugin', 'cloud', '--id', 'key-7');

    const again = await notation(cwd, 'key', 'add', 'one', ...withFiles);
    await notation(cwd, 'key', 'update', 'two', '--default');
    const listed = await notation(cwd, 'key', 'list', '--format', 'json');
    const deleted = await notation(cwd, 'key', 'delete', 'two');
    const left = await notation(cwd, 'key', 'list');

    expect(again.stderr).toContain('already');
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { name: 'one', keyPath: join(cwd, 'key.pem'), isDefault: false },
      { name: 'two', plugin: 'cloud', id: 'key-7', isDefault: true },
    ]);
    expect(deleted.status).toBe(0);
    expect(left.stdout).not.toContain('two');
  });

  it('writes down no key that cannot be opened', async () => {
    const { status } = await notation(folder({ 'key.pem': 'no key' }), 'key', 'add', 'one', ...withFiles);

    expect(status).toBeGreaterThan(0);
  });
});

describe('notation policy', () => {
  it('imports only what can be used, over nothing that is there', async () => {
    const cwd = testFolder({ 'good.json': policyText(), 'bad.json': policyText({ trustStores: ['cb:x'] }) });

    const bad = await notation(cwd, 'policy', 'import', 'bad.json');
    const good = await notation(cwd, 'policy', 'import', 'good.json');
    const again = await notation(cwd, 'policy', 'import', 'good.json');
    const shown = await notation(cwd, 'policy', 'show');

    expect([bad.status, good.status, again.status]).toEqual([2, 0, 2]);
    expect(shown.stdout).toBe(policyText());
  });
});
