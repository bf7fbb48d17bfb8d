// SPDX-License-Identifier: Apache-2.0
// Makes an OCI layout of two layers, about 1 GB unpacked: a Debian-like root with programs, libraries, documents and a package database,
// and a layer of an application with node_modules. Made once, kept in the temporary folder under a name that carries the version of this
// generator. Content is made of the machine's own programs, so that it packs and parses like the real thing.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import type { TarMemberInput } from '../support/tar-writer.ts';
import { tarMember } from '../support/tar-writer.ts';

export interface LargeImage {
  readonly path: string;
  /** Files of the two layers, packed. */
  readonly layers: readonly string[];
  readonly unpackedBytes: number;
  readonly packedBytes: number;
}

const megabyte = 1_000_000;

export interface LargeImageOptions {
  /** 1 is about 1 GB. */
  readonly factor?: number;
  /** `more` with the factor; `same`: those of the image of factor 1, with more files beside each. `more` when absent. */
  readonly packages?: 'more' | 'same';
}

/** Generated on first use (about 30 s for each GB). */
export async function largeImage({ factor = 1, packages = 'more' }: LargeImageOptions = {}): Promise<LargeImage> {
  const suffix = packages === 'same' && factor !== 1 ? '-same-packages' : '';
  const target = join(tmpdir(), `landwaiter-image-v1-${factor}${suffix}`);
  if (!existsSync(target)) await generate(target, { factor, packages });
  const manifest = JSON.parse(readFileSync(join(target, 'facts.json'), 'utf8')) as Omit<LargeImage, 'path'>;
  return { path: target, ...manifest };
}

async function generate(target: string, { factor, packages }: Required<LargeImageOptions>): Promise<void> {
  const root = `${target}.${process.pid}`;
  const blobs = join(root, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const system = await writeLayer(blobs, systemMembers(650 * megabyte * factor));
  const application = await writeLayer(blobs, applicationMembers(400 * megabyte, { factor, packages }));
  const layers = [system, application];
  const put = (value: unknown): { digest: string; size: number } => {
    const bytes = Buffer.from(JSON.stringify(value));
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(blobs, hex), bytes);
    return { digest: `sha256:${hex}`, size: bytes.length };
  };
  const config = put({
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: [],
  });
  const manifestType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = put({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: layers.map(({ digest, size }) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest,
      size,
    })),
  });
  const platform = { os: 'linux', architecture: 'amd64' };
  const index = { schemaVersion: 2, manifests: [{ mediaType: manifestType, ...manifest, platform }] };
  writeFileSync(join(root, 'index.json'), JSON.stringify(index));
  writeFileSync(join(root, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const facts: Omit<LargeImage, 'path'> = {
    layers: layers.map(({ digest }) => join(target, 'blobs', 'sha256', digest.slice('sha256:'.length))),
    unpackedBytes: layers.reduce((sum, layer) => sum + layer.unpacked, 0),
    packedBytes: layers.reduce((sum, layer) => sum + layer.size, 0),
  };
  writeFileSync(join(root, 'facts.json'), JSON.stringify(facts));
  renameSync(root, target);
}

interface WrittenLayer {
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
  readonly unpacked: number;
}

async function writeLayer(blobs: string, members: Iterable<TarMemberInput>): Promise<WrittenLayer> {
  const place = join(blobs, 'new');
  const gzip = createGzip({ level: 6, chunkSize: 1024 * 1024 });
  const file = createWriteStream(place);
  const [inner, outer] = [createHash('sha256'), createHash('sha256')];
  gzip.on('data', (chunk: Buffer) => void outer.update(chunk));
  gzip.pipe(file);
  let unpacked = 0;
  const write = async (part: Buffer): Promise<void> => {
    inner.update(part);
    unpacked += part.length;
    if (!gzip.write(part)) await once(gzip, 'drain');
  };
  for (const member of members) for (const part of tarMember(member)) await write(part);
  await write(Buffer.alloc(1024));
  gzip.end();
  await finished(file);
  const hex = outer.digest('hex');
  const { size } = statSync(place);
  renameSync(place, join(blobs, hex));
  return { digest: `sha256:${hex}`, diffId: `sha256:${inner.digest('hex')}`, size, unpacked };
}

async function finished(file: WriteStream): Promise<void> {
  await once(file, 'finish');
}

/** Programs and libraries of this machine, again and again under other names, with the documents and the database of a distribution. */
function* systemMembers(bytes: number): Generator<TarMemberInput> {
  const release = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n';
  for (const name of ['bin', 'lib', 'sbin']) yield { path: name, type: '2', link: `usr/${name}` };
  yield { path: 'usr/lib/os-release', content: release };
  yield { path: 'etc/os-release', type: '2', link: '../usr/lib/os-release' };
  const names = Array.from({ length: 400 }, (_, index) => `package-${index}`);
  const status = names.map(
    (name, index) =>
      `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.${index}-2\nMaintainer: A <a@example.com>\nDepends: package-0\nDescription: one of many\n`,
  );
  yield { path: 'var/lib/dpkg/status', content: status.join('\n') };
  for (const name of names)
    yield {
      path: `usr/share/doc/${name}/copyright`,
      content: `Files: *\nCopyright: nobody\nLicense: GPL-2+\n${'text '.repeat(400)}`,
    };
  const sources = machineFiles();
  for (let written = 0, index = 0; written < bytes; index += 1) {
    const source = sources[index % sources.length];
    if (source === undefined) return;
    const content = readFileSync(source.path);
    // Another round must not pack better because the same bytes came before: windows of gzip are small, so they do not.
    const folder = source.isProgram ? 'usr/bin' : 'usr/lib/data';
    yield { path: `${folder}/${index}-${source.name}`, content, mode: source.isProgram ? 0o755 : 0o644 };
    written += content.length + 512;
  }
}

const filesOfModule = 20;

/** `bytes` times the factor, in more modules or in larger ones. */
function* applicationMembers(bytes: number, options: Required<LargeImageOptions>): Generator<TarMemberInput> {
  const { factor, packages } = options;
  const code = readFileSync(process.execPath)
    .subarray(0, 40 * megabyte)
    .toString('base64');
  const mostCounted = packages === 'more' ? bytes * factor : bytes;
  const files = packages === 'more' ? filesOfModule : filesOfModule * factor;
  for (let counted = 0, index = 0; counted < mostCounted; index += 1) {
    const folder = `app/node_modules/module-${index}`;
    const manifest = JSON.stringify({
      name: `module-${index}`,
      version: `1.${index % 50}.${index % 7}`,
      license: 'MIT',
    });
    yield { path: `${folder}/package.json`, content: manifest };
    for (let file = 0; file < files; file += 1) {
      const start = ((index * filesOfModule + file) * 7919) % (code.length - 20_000);
      const content = code.slice(start, start + 2_000 + ((index * 31 + file * 977) % 15_000));
      yield { path: `${folder}/lib/file-${file}.js`, content };
      if (file < filesOfModule) counted += content.length + 1024;
    }
  }
}

interface MachineFile {
  readonly path: string;
  readonly name: string;
  readonly isProgram: boolean;
}

/** Files of /usr/bin and /usr/lib up to 20 MB each; where there are few, Node itself in pieces would do, but every machine has these. */
function machineFiles(): readonly MachineFile[] {
  const found: MachineFile[] = [];
  for (const folder of [
    '/usr/bin',
    '/usr/lib/x86_64-linux-gnu',
    '/usr/share/perl/5.36.0',
    '/usr/include',
    '/usr/share/zoneinfo',
  ]) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat?.isFile() === true && stat.size > 0 && stat.size < 20 * megabyte)
        found.push({ path, name, isProgram: (stat.mode & 0o111) !== 0 });
    }
  }
  return found;
}
