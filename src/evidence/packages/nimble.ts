// SPDX-License-Identifier: Apache-2.0
// *.nimble of a Nim project: name, version and the `requires` statements. It is NimScript; only plain statements are read, nothing is run.
// https://nim-lang.github.io/nimble/nimble-reference.html
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { nimblePackage } from '../package-facts/nimble.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const nimble = defineCataloger({
  id: 'nimble',
  title: '*.nimble',
  ecosystems: ['nim'],
  kind: 'declared',
  files: ['**/*.nimble'],
  except: ['**/pkgs/**/*.nimble', '**/pkgs2/**/*.nimble'],
  yieldsTo: ['nimble-lock'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['requirements that the script computes', 'versions of requirements that are not exact (==)'],
  },
  parse: parseNimble,
});

const longestLine = 10_000;

function parseNimble(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const needs: Package[] = [];
  const settings = new Map<string, string>();
  let isOpen = false;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.length > longestLine ? '' : raw.replace(/(^|\s)#.*$/, '').trimEnd();
    const setting = /^(version|license|packageName)\s*=\s*"([^"]*)"/.exec(line);
    if (setting !== null) settings.set(setting[1] ?? '', setting[2] ?? '');
    const isStart = /^\s*requires[\s(]/.test(line);
    if (!isStart && !isOpen) continue;
    for (const [, requirement = ''] of line.matchAll(/"([^"]*)"/g)) {
      for (const part of requirement.split(',')) addNeed(needs, part, { path: file.path, line: index + 1 });
    }
    // A statement goes on after a comma or an open parenthesis at the end of the line.
    isOpen = /[,(]$/.test(line) || (isOpen && line.trim() === '');
  }
  const packages = withUniqueIds(needs);
  const base = file.path.slice(file.path.lastIndexOf('/') + 1, -'.nimble'.length);
  const license = settings.get('license');
  const own = nimblePackage({
    name: settings.get('packageName') ?? base,
    version: settings.get('version') ?? '',
    relationship: 'root',
    locations: [{ path: file.path, line: 1 }],
    licenses: license === undefined ? [] : [license],
    dependsOn: packages.map((item) => item.id),
  });
  return { packages: [{ ...own, id: `${own.id} (project)` }, ...packages], problems };
}

/** `name >= 1.0`, `name == 1.2`, `name#branch`, or the address of a repository. The compiler (`nim`) is no package. */
function addNeed(needs: Package[], text: string, location: Package['locations'][number]): void {
  const [target = ''] = text.trim().split(/[\s<>=~^#@]/);
  const constraint = text.trim().slice(target.length).trim();
  if (target === '' || target.toLowerCase() === 'nim') return;
  const isAddress = target.includes('://');
  const name = isAddress
    ? (target
        .replace(/\.git$/, '')
        .split('/')
        .at(-1) ?? target)
    : target;
  const commit = /^#([0-9a-f]{40})$/.exec(constraint)?.[1];
  const facts = { ...(isAddress ? { repository: target } : {}), ...(commit === undefined ? {} : { commit }) };
  needs.push(
    nimblePackage({
      name,
      version: /^==\s*([0-9][0-9A-Za-z.]*)$/.exec(constraint)?.[1] ?? '',
      relationship: 'direct',
      locations: [location],
      ...(constraint === '' ? {} : { constraint }),
      ...(Object.keys(facts).length === 0 ? {} : { facts }),
    }),
  );
}
