// SPDX-License-Identifier: Apache-2.0
// Makes a monorepo of 100,000 files: 200 projects of 500 files, each with lock files of four ecosystems. Made once, kept in the
// temporary folder under a name that says which version of this generator made it.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const projects = 200;
const filesPerProject = 500;
const packagesPerLock = 150;

/** Path of the monorepo; generated on first use (about 10 s). */
export function monorepo(): string {
  const target = join(tmpdir(), 'landwaiter-monorepo-v1');
  if (existsSync(target)) return target;
  const root = `${target}.${process.pid}`;
  const source = '// a source file of a generated monorepo\nexport const answer = 42;\n'.repeat(8);
  for (let project = 0; project < projects; project += 1) {
    const folder = join(root, `team-${project % 20}`, `service-${project}`);
    const manifests = manifestsOf(project);
    for (const [name, content] of Object.entries(manifests)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    const sources = filesPerProject - Object.keys(manifests).length;
    for (let file = 0; file < sources; file += 1) {
      const place = join(folder, 'src', `module-${file % 25}`);
      if (file < 25) mkdirSync(place, { recursive: true });
      writeFileSync(join(place, `file-${file}.ts`), source);
    }
  }
  renameSync(root, target);
  return target;
}

function manifestsOf(project: number): Readonly<Record<string, string>> {
  const names = Array.from({ length: packagesPerLock }, (_, index) => `package-${(project * 7 + index * 13) % 3000}`);
  const version = (index: number): string => `${index % 9}.${(index * 3) % 20}.${(index * 7) % 30}`;
  const npm: Record<string, unknown> = {
    '': { name: `service-${project}`, version: '1.0.0', dependencies: { [names[0] ?? '']: '^1.0.0' } },
  };
  for (const [index, name] of names.entries()) {
    npm[`node_modules/${name}`] = {
      version: version(index),
      integrity: `sha512-${'A'.repeat(86)}==`,
      license: 'MIT',
      dependencies: { [names[(index + 1) % names.length] ?? '']: '*' },
    };
  }
  const modules = names.slice(0, 40).map((name, index) => `\texample.com/${name} v${version(index)}`);
  const crates = names
    .slice(0, 60)
    .map(
      (name, index) =>
        `[[package]]\nname = "${name}"\nversion = "${version(index)}"\nsource = "registry+https://index.example.com"\n`,
    );
  return {
    'package.json': JSON.stringify(npm['']),
    'package-lock.json': JSON.stringify(
      { name: `service-${project}`, version: '1.0.0', lockfileVersion: 3, packages: npm },
      undefined,
      2,
    ),
    'go.mod': `module example.com/service-${project}\n\ngo 1.22\n\nrequire (\n${modules.join('\n')}\n)\n`,
    'requirements.txt': names
      .slice(0, 30)
      .map((name, index) => `${name}==${version(index)}`)
      .join('\n'),
    'engine/Cargo.lock': `version = 3\n\n${crates.join('\n')}`,
  };
}
