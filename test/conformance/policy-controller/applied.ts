// SPDX-License-Identifier: Apache-2.0
// Applies one policy of the pack as its end-to-end test does, without a network: an image signed as the policy asks (by keys and identities of a test
// Sigstore that take the place of those in the file) must be taken, or refused where the file's name says so; the same image unsigned must be refused.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { attachLayer } from '../../../src/apps/signatures/attachment.ts';
import { predicateTypeOf, predicateTypes } from '../../../src/apps/signatures/predicate-types.ts';
import { formatSimpleSigning, layerAnnotations } from '../../../src/formats/cosign-layer-print.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import { parseKubernetesYaml } from '../../../src/formats/kubernetes-yaml/documents.ts';
import { registryClient } from '../../../src/io/registry/client.ts';
import { systemPace } from '../../../src/io/registry/system.ts';
import { nodeTransport } from '../../../src/io/registry/transport.ts';
import { writableRepository } from '../../../src/io/registry/writable-store.ts';
import { runCommand } from '../../support/command-line.ts';
import { imageOf, type TestManifest } from '../../support/registry/content.ts';
import { startRegistry, type TestRegistry } from '../../support/registry/test-registry.ts';
import { pemOf } from '../../support/signing/certificates.ts';
import { identityToken, type SigningServices, signingServices } from '../../support/signing/services.ts';
import { makeSigstore, signedAt, trustedRootJson } from '../../support/signing/sigstore.ts';
import { writeTar } from '../../support/tar-writer.ts';
import { TufRepository } from '../../support/tuf-repository.ts';
import { type CaseResult, failed, passed } from '../pack.ts';

const world = makeSigstore();
const rootText = JSON.stringify(trustedRootJson(world));
const day = 86_400_000;

/** Examples leave gaps for their readers to fill: `<< region >>`. */
export function filledIn(text: string): string {
  const values: Readonly<Record<string, string>> = { region: 'eu-west-1', 'account id': '111122223333' };
  return text.replaceAll(/<< ([a-z ]{1,30}) >>/g, (_gap, name: string) => values[name] ?? 'a1b2c3d4');
}

interface Scene {
  readonly folder: string;
  readonly registry: TestRegistry;
  readonly services: SigningServices;
  readonly image: TestManifest;
  /** As the workload names it, and where it is kept. */
  readonly name: string;
  readonly repository: string;
  readonly environment: Record<string, string>;
}

interface TestKeys {
  readonly publicPem: string;
  readonly privateKey: KeyObject;
}

/** `root` is the folder of the pack, `path` the policy's file in it. */
export async function applyPolicyFile(root: string, path: string): Promise<CaseResult> {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-policy-'));
  const [registry, services] = await Promise.all([startRegistry(), signingServices(world, { now: signedAt })]);
  try {
    const text = filledIn(readFileSync(path, 'utf8'));
    const policy = asObject(parseKubernetesYaml(text, path)[0]?.value) ?? {};
    const scene = sceneOf(policy, { folder, registry, services });
    const keys = new Map<string, TestKeys>();
    const own = withOwnKeys(policy, keys);
    writeFileSync(join(folder, 'policy.json'), JSON.stringify(own));
    writeFileSync(join(folder, 'root.json'), rootText);
    writeFileSync(join(folder, 'pod.json'), JSON.stringify(podOf(policy, scene.name)));
    writeFileSync(join(folder, 'known.json'), JSON.stringify(thingsNamed(root, policy, keys)));
    for (const [, scheme = '', rest = ''] of JSON.stringify(policy).matchAll(/"kms":"([a-z]+):\/\/([^"]+)"/g))
      writeKeeper(folder, scheme, keyFor(`${scheme}://${rest}`, keys));
    const before = await apply(scene);
    for (const authority of asArray(asObject(policy['spec'])?.['authorities']))
      await signAs(asObject(authority) ?? {}, keys, scene);
    const after = await apply(scene);
    const isRefused = /mismatch|fails?\./.test(path.slice(path.lastIndexOf('/')));
    const isFixed = asArray(asObject(policy['spec'])?.['authorities']).some((item) => asObject(item)?.['static']);
    const refused = asObject(policy['spec'])?.['mode'] === 'warn' ? 0 : 1;
    const expected = { signed: isRefused ? refused : 0, unsigned: isRefused || !isFixed ? refused : 0 };
    const actual = { signed: after.status, unsigned: before.status };
    return actual.signed === expected.signed && actual.unsigned === expected.unsigned
      ? passed
      : failed(expected, { ...actual, said: `${after.stdout}${after.stderr}`.slice(0, 2_000) });
  } finally {
    await services.close();
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function sceneOf(
  policy: JsonObject,
  { folder, registry, services }: Pick<Scene, 'folder' | 'registry' | 'services'>,
): Scene {
  const [first] = asArray(asObject(policy['spec'])?.['images']);
  const bare = (asString(asObject(first)?.['glob']) ?? '').replaceAll(/\*+/g, '').replace(/:$/, '');
  const place = bare.includes('/') ? bare.replace(/:[^/]*$/, '') : `registry.local:5000/${bare === '' ? 'app' : bare}`;
  const tag = /:([^/:]+)$/.exec(bare)?.[1] ?? 'v1';
  const repository = place.slice(place.indexOf('/') + 1);
  // As the images of those tests are: they run as nobody in particular.
  const image = imageOf({ layers: ['the program'], config: { config: { User: '65532' } } });
  registry.put(repository, image, tag);
  const conf = ['registry.local:5000', place.slice(0, place.indexOf('/'))].map(
    (prefix) => `[[registry]]\nprefix = "${prefix}"\nlocation = "${registry.host}"\ninsecure = true\n`,
  );
  writeFileSync(join(folder, 'registries.conf'), [...new Set(conf)].join('\n'));
  // Programs of this folder keep the keys of key stores.
  const environment = { CONTAINERS_REGISTRIES_CONF: join(folder, 'registries.conf'), PATH: folder };
  return { folder, registry, services, image, name: `${place}:${tag}`, repository, environment };
}

/** The policy with keys that this suite holds: one for each key in it, and of its kind. */
function withOwnKeys(policy: JsonObject, keys: Map<string, TestKeys>): unknown {
  return JSON.parse(
    JSON.stringify(policy, (name, value: unknown) => {
      if (name !== 'data' || typeof value !== 'string' || !value.includes('BEGIN PUBLIC KEY')) return value;
      return keyFor(value, keys).publicPem;
    }),
  );
}

/** A program that keeps a key as Sigstore's plugins do (protocol 1), for the public half only. */
function writeKeeper(folder: string, scheme: string, { publicPem }: TestKeys): void {
  const answer = JSON.stringify({ publicKey: { publicKeyPEM: Buffer.from(publicPem).toString('base64') } });
  const path = join(folder, `sigstore-kms-${scheme}`);
  writeFileSync(path, `#!${process.execPath}\nprocess.stdout.write(${JSON.stringify(answer)});\n`);
  chmodSync(path, 0o755);
}

function keyFor(name: string, keys: Map<string, TestKeys>): TestKeys {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const pair =
    name.length > 400
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const made = { publicPem, privateKey: pair.privateKey };
  keys.set(name, made);
  return made;
}

/** A Pod with the image and with the labels that the policy selects by. */
function podOf(policy: JsonObject, image: string): unknown {
  const [match] = asArray(asObject(policy['spec'])?.['match']);
  const labels = asObject(asObject(asObject(match)?.['selector'])?.['matchLabels']) ?? { foo: 'bar' };
  const spec = { serviceAccount: 'default', containers: [{ name: 'c', image }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', labels }, spec };
}

/** Secrets and trust roots that the policy names, the latter from the pack's own manifests with this world's material. */
function thingsNamed(root: string, policy: JsonObject, keys: Map<string, TestKeys>): unknown {
  const text = JSON.stringify(policy);
  const items: unknown[] = [...text.matchAll(/"secretRef":\{"name":"([^"]+)"/g)].map(([, name = '']) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    stringData: { 'cosign.pub': keyFor(name, keys).publicPem },
  }));
  const wanted = new Set([...text.matchAll(/"trustRootRef":"([^"]+)"/g)].map(([, name = '']) => name));
  const folder = join(root, 'test/testdata/trustroot/e2e');
  for (const name of wanted) {
    const texts = readdirSync(folder).map((file) => filled(readFileSync(join(folder, file), 'utf8')));
    const fitting = texts
      .map((item) => asObject(parseKubernetesYaml(item, 'trust-root.yaml')[0]?.value))
      .filter((item) => asObject(item?.['metadata'])?.['name'] === name);
    const hasLogs = (item: JsonObject | undefined): boolean => JSON.stringify(item).includes('tLogs');
    items.push(fitting.find((item) => hasLogs(item) !== text.includes('rfc3161timestamp')) ?? fitting[0]);
  }
  return { apiVersion: 'v1', kind: 'List', items };
}

/** The end-to-end tests put the material of their cluster into these marks. */
function filled(template: string): string {
  const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
  const certificate = ({ certificate: { encoded } }: typeof world.root): string => pemOf('CERTIFICATE', encoded);
  const key = ({ publicKey }: typeof world.certificateLog): string =>
    base64(publicKey.export({ type: 'spki', format: 'pem' }));
  const tuf = repositoryOfRoot();
  const marks: Readonly<Record<string, string>> = {
    FULCIO_CERT_CHAIN: base64(certificate(world.intermediate) + certificate(world.root)),
    REKOR_PUBLIC_KEY: key(world.log.keys),
    CTFE_PUBLIC_KEY: key(world.certificateLog),
    TSA_CERT_CHAIN: base64(certificate(world.stamper) + certificate(world.stampRoot)),
    TSA_URL: 'https://tsa.example',
    TUF_MIRROR: 'https://tuf.example',
    ROOT_JSON: base64(tuf.initial),
    REPOSITORY: base64(
      gzipSync(
        writeTar([
          ...[...tuf.files].map(([name, content]) => ({ path: `repository/${name}`, content })),
          ...[...tuf.targetFiles].map(([name, content]) => ({ path: `repository/targets/${name}`, content })),
        ]),
      ),
    ),
  };
  return Object.entries(marks).reduce(
    (text, [mark, value]) => text.replaceAll(new RegExp(`\\b${mark}\\b`, 'g'), value),
    template,
  );
}

function repositoryOfRoot(): TufRepository {
  const tuf = new TufRepository();
  const expires = '2030-01-01T00:00:00Z';
  for (const body of [tuf.root, tuf.timestamp, tuf.snapshot, ...tuf.roles.values()]) body['expires'] = expires;
  tuf.initial = tuf.publishRoot();
  tuf.addTarget('targets', 'trusted_root.json', rootText);
  tuf.publish();
  return tuf;
}

/** An expression of the pack with its stars taken out is a text that it matches. */
function sampleOf(identity: JsonObject, part: string): string {
  const text = asString(identity[part]) ?? (asString(identity[`${part}RegExp`]) ?? '').replaceAll('.*', '');
  return text.includes(':') ? text : `https://${text}`;
}

async function signAs(authority: JsonObject, keys: Map<string, TestKeys>, scene: Scene): Promise<void> {
  if (authority['static'] !== undefined) return;
  const key = asObject(authority['key']);
  const held =
    key === undefined
      ? undefined
      : keyFor(
          asString(key['data']) ?? asString(asObject(key['secretRef'])?.['name']) ?? asString(key['kms']) ?? '',
          keys,
        );
  if (held !== undefined && key?.['hashAlgorithm'] === 'sha512') return signWithHash(held, 'sha512', scene);
  const [source] = asArray(authority['source']).map((item) => asObject(item) ?? {});
  const [identity] = asArray(asObject(authority['keyless'])?.['identities']).map((item) => asObject(item) ?? {});
  const who =
    held === undefined
      ? keylessWords(identity ?? {}, scene)
      : [
          '--key',
          'env://SIGNING_KEY',
          ...(authority['ctlog'] === undefined ? [] : ['--rekor-url', scene.services.log.url]),
        ];
  const stamp =
    authority['rfc3161timestamp'] === undefined
      ? []
      : ['--timestamp-server-url', `${scene.services.stamps.url}/api/v1/timestamp`];
  const layout = authority['signatureFormat'] === 'bundle' ? [] : ['--legacy'];
  const environment = {
    ...scene.environment,
    ...(held === undefined ? {} : { SIGNING_KEY: held.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }),
    ...(typeof source?.['oci'] === 'string' ? { COSIGN_REPOSITORY: source['oci'] } : {}),
  };
  const words = [...who, ...stamp, ...layout, '--yes', scene.name];
  const attestations = asArray(authority['attestations']).map((item) => asObject(item) ?? {});
  for (const attestation of attestations) {
    writeFileSync(join(scene.folder, 'predicate.json'), predicateFor(attestation));
    const stated = predicateTypeOf(asString(attestation['predicateType']) ?? '') ?? '';
    // By its word: only that kind takes a text that is no JSON, as the end-to-end tests write it.
    const type = stated === predicateTypes['custom'] ? 'custom' : stated;
    await run(['attest', '--type', type, '--predicate', 'predicate.json', ...words], scene, environment);
  }
  if (attestations.length === 0) await run(['sign', ...words], scene, environment);
  const prefix = asString(source?.['tagPrefix']);
  if (prefix === undefined) return;
  const { tags } = scene.registry.repository(scene.repository);
  for (const [tag, digest] of [...tags].filter(([name]) => name.startsWith('sha256-'))) {
    tags.delete(tag);
    tags.set(`${prefix}${tag}`, digest);
  }
}

/** A predicate with the text that the policy wants to read in it. */
function predicateFor(attestation: JsonObject): string {
  const wanted = /"(foobar[^"]*)"/.exec(JSON.stringify(attestation).replaceAll('\\"', '"'))?.[1] ?? 'x';
  const type = asString(attestation['predicateType']) ?? '';
  if (type.includes('spdx')) return JSON.stringify({ spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT' });
  if (!type.includes('vuln')) return wanted;
  return JSON.stringify({
    invocation: { uri: 'invocation.example.com/cosign-testing' },
    scanner: { uri: 'fakescanner.example.com/cosign-testing', version: '1', result: {} },
    metadata: { scanStartedOn: '2022-04-12T00:00:00Z', scanFinishedOn: '2022-04-12T00:10:00Z' },
  });
}

/** Somebody of that name; where the test wants a stranger, the name is another one. */
function keylessWords(identity: JsonObject, { services, folder }: Scene): readonly string[] {
  const named = (text: string): string => text.replaceAll('securenamespace', 'default');
  const claims = {
    iss: named(sampleOf(identity, 'issuer')),
    sub: named(sampleOf(identity, 'subject')),
    aud: 'sigstore',
  };
  writeFileSync(join(folder, 'token'), identityToken({ ...claims, exp: signedAt / 1000 + 600 }));
  writeFileSync(join(folder, 'config.json'), services.config(1));
  return ['--identity-token', 'token', '--signing-config', 'config.json'];
}

async function signWithHash(
  { privateKey }: TestKeys,
  hash: string,
  { registry, repository, image }: Scene,
): Promise<void> {
  const client = registryClient({
    transport: nodeTransport({ stall: 2_000, environment: {}, certificatesFor: () => undefined }),
    pace: systemPace,
  });
  const blob = formatSimpleSigning({ reference: repository, digest: image.digest, annotations: {} });
  const signature = sign(hash, blob, privateKey);
  const annotations = layerAnnotations({ signature, chain: [], logEntry: undefined, timestamp: undefined });
  const store = writableRepository(client, { registry: registry.host, repository, tag: undefined, digest: undefined });
  await attachLayer(store, { subject: image.digest, kind: 'signature', blob, annotations });
  client.close();
}

async function run(words: readonly string[], scene: Scene, environment: Record<string, string>): Promise<void> {
  const { status, stderr } = await runCommand(words, { cwd: scene.folder, environment, now: signedAt });
  if (status !== 0) throw new Error(`${words[0]}: ${stderr.slice(-600)}`);
}

function apply({ folder, environment }: Scene): ReturnType<typeof runCommand> {
  const words = [
    'policy',
    'apply',
    'policy.json',
    'known.json',
    '-r',
    'pod.json',
    '--known',
    'known.json',
    '--registry',
  ];
  return runCommand([...words, '--trusted-root', 'root.json'], { cwd: folder, environment, now: signedAt + day });
}
