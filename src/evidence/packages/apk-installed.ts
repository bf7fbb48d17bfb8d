// SPDX-License-Identifier: Apache-2.0
// lib/apk/db/installed: packages of Alpine, Wolfi and OpenWrt. https://wiki.alpinelinux.org/wiki/Apk_spec ("Installed database")
import { decodeText } from '../../formats/text.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { Distribution, Package, PackageFacts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { alpineRelease } from '../package-facts/alpine-repositories.ts';
import { apkFiles } from '../package-facts/apk-files.ts';
import { declaredLicenses, distributionIn, osReleaseFiles, systemPurl } from '../package-facts/distribution.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

const repositoriesFile = 'etc/apk/repositories';

export const apkInstalled = defineCataloger({
  id: 'apk-installed',
  title: 'lib/apk/db/installed',
  ecosystems: ['apk'],
  kind: 'installed',
  files: ['lib/apk/db/installed', 'usr/lib/apk/db/installed', 'var/lib/apk/db/installed'],
  companions: [...osReleaseFiles, repositoriesFile],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: true,
    lines: true,
    gaps: [],
  },
  parse: parseInstalled,
});

interface Stanza {
  readonly fields: ReadonlyMap<string, string>;
  readonly line: number;
  readonly endLine: number;
  readonly lines: readonly string[];
}

function parseInstalled(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const problems: Problem[] = [...encoding];
  const stanzas = readStanzas(text, file.path, problems);
  const distribution = distributionIn(tree) ?? alpineOfRepositories(tree);
  const providers = new Map<string, string>();
  for (const { fields } of stanzas) {
    const names = [fields.get('P') ?? '', ...words(fields.get('p')).map(bareName)];
    for (const name of names) if (!providers.has(name)) providers.set(name, idOf(fields));
  }
  const packages = new Map<string, Package>();
  for (const stanza of stanzas) {
    const { fields, line, endLine } = stanza;
    const location = { path: file.path, line, endLine };
    if (fields.get('P') === undefined || fields.get('V') === undefined) {
      problems.push({ kind: 'schema', message: 'a package without name or version', location, hidesFindings: true });
      continue;
    }
    const needs = words(fields.get('D')).filter((word) => !word.startsWith('!'));
    const dependsOn = needs.map((need) => providers.get(bareName(need))).filter((id) => id !== undefined);
    const item = packageOfStanza(fields, distribution);
    packages.set(item.id, {
      ...item,
      locations: [location],
      dependsOn: [...new Set(dependsOn)].filter((id) => id !== item.id),
      ...(tree.files === 'owned' ? { files: apkFiles(stanza.lines) } : {}),
    });
  }
  return { packages: [...packages.values()], problems, ...(distribution === undefined ? {} : { distribution }) };
}

/** Images that were stripped of os-release still know where their packages come from. */
function alpineOfRepositories(tree: CompanionFiles): Distribution | undefined {
  const file = tree.get(repositoriesFile);
  return file === undefined ? undefined : alpineRelease(decodeText(file.bytes, file.path).text);
}

/** `K:value` lines, an empty line between packages. Only the first of a key counts: later ones are of the file list. */
function readStanzas(text: string, path: string, problems: Problem[]): Stanza[] {
  const stanzas: Stanza[] = [];
  let fields = new Map<string, string>();
  let lines: string[] = [];
  let start = 0;
  let number = 0;
  for (const raw of `${text}\n`.split('\n')) {
    number += 1;
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '') {
      if (fields.size > 0) stanzas.push({ fields, line: start, endLine: number - 1, lines });
      fields = new Map();
      lines = [];
    } else if (/^[A-Za-z]:/.test(line)) {
      if (fields.size === 0) start = number;
      lines.push(line);
      const key = line.charAt(0);
      if (!fields.has(key)) fields.set(key, line.slice(2).trim());
    } else {
      const location = { path, line: number };
      problems.push({ kind: 'syntax', message: 'not a "K:value" line', location, hidesFindings: true });
    }
  }
  return stanzas;
}

function idOf(fields: ReadonlyMap<string, string>): string {
  return `${fields.get('P') ?? ''}@${fields.get('V') ?? ''}`;
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** `so:libc.musl-x86_64.so.1=1`, `busybox>=1.36`, `ca-certificates@edge` -> what comes before the operator. */
function bareName(word: string): string {
  return /^[^<>=~@]{1,300}/.exec(word)?.[0] ?? word;
}

function packageOfStanza(fields: ReadonlyMap<string, string>, distribution: Distribution | undefined): Package {
  const name = fields.get('P') ?? '';
  const version = fields.get('V') ?? '';
  const origin = fields.get('o') ?? name;
  const architecture = fields.get('A');
  const upstream = origin === name ? undefined : origin;
  const purl = systemPurl({ type: 'apk', name, version, architecture, upstream, distribution });
  const digest = checksumOf(fields.get('C') ?? '');
  return packageOf({
    name,
    version,
    type: 'apk',
    ...(purl === undefined ? {} : { purl }),
    licenses: declaredLicenses(fields.get('L')),
    digests: digest === undefined ? [] : [digest],
    sources: [{ name: origin, version }],
    facts: factsOf(fields),
  });
}

/** `Q1` + base64 of the sha1 of the package's control data; old databases have md5 in hex. */
function checksumOf(text: string): Digest | undefined {
  if (!text.startsWith('Q1')) return digestOf('md5', text);
  return digestOf('sha1', Buffer.from(text.slice(2), 'base64').toString('hex'));
}

function factsOf(fields: ReadonlyMap<string, string>): PackageFacts {
  const facts = {
    description: fields.get('T'),
    homepage: fields.get('U'),
    commit: fields.get('c'),
    supplier: fields.get('m'),
    architecture: fields.get('A'),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== ''));
}
