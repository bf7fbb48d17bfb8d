// SPDX-License-Identifier: Apache-2.0
// .terraform.lock.hcl: the providers of a Terraform or OpenTofu configuration.
// https://developer.hashicorp.com/terraform/language/files/dependency-lock
import { decodeText } from '../../formats/text.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const terraformLock = defineCataloger({
  id: 'terraform-lock',
  title: '.terraform.lock.hcl',
  ecosystems: ['terraform'],
  kind: 'declared',
  files: ['**/.terraform.lock.hcl'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['modules: Terraform does not lock them'],
  },
  parse: parseTerraformLock,
});

interface Provider {
  readonly name: string;
  readonly line: number;
  version?: string;
  constraint?: string;
  endLine?: number;
  readonly digests: Digest[];
}

/** The file is written by the program itself, one assignment or hash a line: no general HCL reader is needed. */
function parseTerraformLock(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const problems: Problem[] = [...encoding];
  const providers: Provider[] = [];
  let open: Provider | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const name = /^provider\s{1,40}"([^"]{1,500})"\s{0,40}\{/.exec(line)?.[1];
    if (name !== undefined) {
      open = { name, line: index + 1, digests: [] };
      providers.push(open);
    } else if (open !== undefined) readLine(line, index + 1, open);
    if (line === '}') open = undefined;
  }
  const packages: Package[] = [];
  for (const provider of providers) {
    const { name, version, line, endLine } = provider;
    if (version === undefined || endLine === undefined) {
      const message = `provider ${name} has no ${version === undefined ? 'version' : 'end'}`;
      problems.push({ kind: 'syntax', message, location: { path: file.path, line }, hidesFindings: true });
    }
    if (version !== undefined) packages.push(packageOfProvider(provider, version, file.path));
  }
  return { packages: [...new Map(packages.map((item) => [item.id, item])).values()], problems };
}

function readLine(line: string, number: number, provider: Provider): void {
  const [, key, value] = /^(version|constraints)\s{0,40}=\s{0,40}"([^"]{0,500})"/.exec(line) ?? [];
  if (key === 'version' && value !== undefined) provider.version = value;
  else if (key === 'constraints' && value !== undefined) provider.constraint = value;
  // `zh:` is the sha256 of the archive for one platform; `h1:` covers unpacked files and is no digest of anything one can fetch.
  const digest = digestOf('sha256', /^"zh:([0-9a-f]{64})"/.exec(line)?.[1] ?? '');
  if (digest !== undefined) provider.digests.push(digest);
  if (line === '}') provider.endLine = number;
}

function packageOfProvider(provider: Provider, version: string, path: string): Package {
  const { name, line, endLine, constraint, digests } = provider;
  const slash = name.lastIndexOf('/');
  const purl = formatPurl({
    type: 'terraform',
    namespace: name.slice(0, Math.max(0, slash)),
    name: name.slice(slash + 1),
    version,
  });
  return packageOf({
    name,
    version,
    type: 'terraform',
    ...(purl === undefined ? {} : { purl }),
    relationship: 'direct',
    locations: [{ path, line, ...(endLine === undefined ? {} : { endLine }) }],
    digests,
    ...(constraint === undefined ? {} : { constraint }),
  });
}
