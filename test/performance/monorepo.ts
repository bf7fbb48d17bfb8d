// SPDX-License-Identifier: Apache-2.0
// Makes a monorepo of 100,000 files: 50 services of 2,000 files, each written in one language with the lock file of that language (20 npm,
// 12 Go, 10 Python, 8 Rust; about 9,000 locked packages in all). Made once, kept in the temporary folder under a name that carries the
// version of this generator.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const services = 50;
const filesPerService = 2000;

/** Path of the monorepo; generated on first use (about 10 s). */
export function monorepo(): string {
  const target = join(tmpdir(), 'landwaiter-monorepo-v2');
  if (existsSync(target)) return target;
  const root = `${target}.${process.pid}`;
  const source = '// a source file of a generated monorepo\nexport const answer = 42;\n'.repeat(8);
  for (let service = 0; service < services; service += 1) {
    const folder = join(root, `team-${service % 10}`, `service-${service}`);
    const { manifests, extension } = manifestsOf(service);
    for (const [name, content] of Object.entries(manifests)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    const sources = filesPerService - Object.keys(manifests).length;
    for (let file = 0; file < sources; file += 1) {
      const place = join(folder, 'src', `module-${file % 80}`);
      if (file < 80) mkdirSync(place, { recursive: true });
      writeFileSync(join(place, `file-${file}.${extension}`), source);
    }
  }
  renameSync(root, target);
  return target;
}

interface Manifests {
  readonly extension: string;
  readonly manifests: Readonly<Record<string, string>>;
}

function manifestsOf(service: number): Manifests {
  if (service < 20) return npmManifests(service);
  if (service < 32) return goManifests(service);
  return service < 42 ? pythonManifests(service) : rustManifests(service);
}

function names(service: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `package-${(service * 7 + index * 13) % 3000}`);
}

function version(index: number): string {
  return `${index % 9}.${(index * 3) % 20}.${(index * 7) % 30}`;
}

function npmManifests(service: number): Manifests {
  const list = names(service, 300);
  const root = { name: `service-${service}`, version: '1.0.0', dependencies: { [list[0] ?? '']: '^1.0.0' } };
  const packages: Record<string, unknown> = { '': root };
  for (const [index, name] of list.entries()) {
    const next = list[(index + 1) % list.length] ?? '';
    packages[`node_modules/${name}`] = {
      version: version(index),
      integrity: `sha512-${'A'.repeat(86)}==`,
      license: 'MIT',
      dependencies: { [next]: '*' },
    };
  }
  const lock = { name: root.name, version: root.version, lockfileVersion: 3, packages };
  return {
    extension: 'ts',
    manifests: {
      'package.json': JSON.stringify(root, undefined, 2),
      'package-lock.json': JSON.stringify(lock, undefined, 2),
    },
  };
}

function goManifests(service: number): Manifests {
  const modules = names(service, 80).map((name, index) => ({
    name: `example.com/${name}`,
    version: `v${version(index)}`,
  }));
  const require = modules.map((module) => `\t${module.name} ${module.version}`).join('\n');
  const sums = modules.flatMap((module) => [
    `${module.name} ${module.version} h1:${'A'.repeat(43)}=`,
    `${module.name} ${module.version}/go.mod h1:${'B'.repeat(43)}=`,
  ]);
  return {
    extension: 'go',
    manifests: {
      'go.mod': `module example.com/service-${service}\n\ngo 1.22\n\nrequire (\n${require}\n)\n`,
      'go.sum': `${sums.join('\n')}\n`,
    },
  };
}

function pythonManifests(service: number): Manifests {
  const lines = names(service, 60).map((name, index) => `${name}==${version(index)}`);
  return { extension: 'py', manifests: { 'requirements.txt': `${lines.join('\n')}\n` } };
}

function rustManifests(service: number): Manifests {
  const crates = names(service, 200).map(
    (name, index) =>
      `[[package]]\nname = "${name}"\nversion = "${version(index)}"\nsource = "registry+https://index.example.com"\n`,
  );
  return {
    extension: 'rs',
    manifests: {
      'Cargo.toml': `[package]\nname = "service-${service}"\nversion = "0.1.0"\n`,
      'Cargo.lock': `version = 3\n\n${crates.join('\n')}`,
    },
  };
}
