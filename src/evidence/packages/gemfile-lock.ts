// SPDX-License-Identifier: Apache-2.0
// Gemfile.lock of Bundler: all gems of a project, from gem servers, git and folders. The Gemfile beside it tells the groups.
// https://bundler.io/man/gemfile.5.html; the layout of the lock file is documented by Bundler's LockfileParser only.
import { cutOffProblem, decodeText } from '../../formats/text.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Relationship, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { gemfileGroups, scopeOfGroups } from '../package-facts/gemfile.ts';
import { strongerScope, withReach } from '../package-facts/reach.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const gemfileLock = defineCataloger({
  id: 'gemfile-lock',
  title: 'Gemfile.lock, gems.locked',
  ecosystems: ['gem'],
  kind: 'declared',
  files: ['**/Gemfile.lock', '**/Gemfile.*.lock', '**/*.gemfile.lock', '**/gems.locked'],
  companions: ['**/Gemfile', '**/Gemfile.*', '**/*.gemfile', '**/gems.rb'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['groups that a Gemfile computes', 'the platform variant that is installed', 'licences'],
  },
  parse: parseGemfileLock,
});

interface Gem {
  readonly name: string;
  readonly version: string;
  readonly locations: Location[];
  readonly dependencies: string[];
  readonly relationship: Relationship;
  readonly facts: PackageFacts;
}

interface Lock {
  /** By name: Bundler locks one version of a gem. */
  readonly gems: Map<string, Gem>;
  readonly direct: string[];
  readonly digests: Map<string, Digest>;
  readonly problems: Problem[];
}

function parseGemfileLock(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const lock = readLock(text, file.path);
  const groups = groupsBeside(file.path, tree);
  const packages = [...lock.gems.values()].map((gem) => packageOfGem(gem, lock));
  const direct = new Map<string, Scope>();
  const want = (name: string, scope: Scope): void => {
    const gem = lock.gems.get(name);
    if (gem !== undefined) direct.set(idOf(gem), strongerScope(scope, direct.get(idOf(gem)) ?? scope));
  };
  for (const name of lock.direct) want(name, scopeOfGroups(groups.get(name) ?? []));
  for (const gem of lock.gems.values()) {
    // The project's own gemspec is a PATH gem: what it needs the project needs.
    if (gem.relationship !== 'unknown') for (const name of gem.dependencies) want(name, 'runtime');
  }
  const related = withReach(packages, direct).map((item) => withGroups(item, groups.get(item.name) ?? []));
  return { packages: related, problems: [...problems, ...lock.problems] };
}

/** The Gemfile that belongs to a lock file: `Gemfile.lock` -> `Gemfile`, `gems.locked` -> `gems.rb`. */
function groupsBeside(path: string, tree: CompanionFiles): ReadonlyMap<string, readonly string[]> {
  const name = path.endsWith('gems.locked') ? `${path.slice(0, -'locked'.length)}rb` : path.slice(0, -'.lock'.length);
  const file = tree.get(name);
  return file === undefined ? new Map() : gemfileGroups(decodeText(file.bytes, name).text);
}

function withGroups(item: Package, groups: readonly string[]): Package {
  return groups.length === 0 ? item : { ...item, facts: { ...item.facts, groups: [...new Set(groups)] } };
}

const specLine = /^ {4}([^\s(]{1,300}) \(([^()\s]{1,200})\)\s*$/;
const requirementLine = /^ {6}([^\s(!]{1,300})/;
const optionLine = /^ {2}(remote|revision|branch|tag|ref): (.{1,2000})$/;
const checksumLine = /^ {2}([^\s(]{1,300}) \(([^()\s]{1,200})\)(?: (sha256)=([0-9a-f]{64}))?/;
const directLine = /^ {2}([^\s(!]{1,300})/;

function readLock(text: string, path: string): Lock {
  const lock: Lock = { gems: new Map(), direct: [], digests: new Map(), problems: [] };
  let section = '';
  let options: Record<string, string> = {};
  let gem: Gem | undefined;
  const sections = new Set<string>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (/^\S/.test(line)) {
      section = line.trim();
      sections.add(section);
      options = {};
      gem = undefined;
    } else if (section === 'DEPENDENCIES') {
      const name = directLine.exec(line)?.[1];
      if (name !== undefined) lock.direct.push(name);
    } else if (section === 'CHECKSUMS') {
      const [, name = '', version = '', algorithm = '', hex = ''] = checksumLine.exec(line) ?? [];
      const digest = digestOf(algorithm, hex);
      if (digest !== undefined) lock.digests.set(`${name}@${version}`, digest);
    } else if (sources.has(section)) {
      const [, key = '', value = ''] = optionLine.exec(line) ?? [];
      if (key !== '') options[key] = value.trim();
      const requirement = requirementLine.exec(line)?.[1];
      if (requirement !== undefined) gem?.dependencies.push(requirement);
      else if (/^ {4}\S/.test(line)) {
        gem = readSpec(line, { path, line: index + 1 }, lock);
        if (gem !== undefined) lock.gems.set(gem.name, { ...gem, ...originOf(section, options) });
        gem = gem === undefined ? undefined : lock.gems.get(gem.name);
      }
    }
  }
  // Bundler writes this section after all sources, even when it is empty.
  if (!sections.isDisjointFrom(sources) && !sections.has('DEPENDENCIES'))
    lock.problems.push(cutOffProblem(path, 'the section DEPENDENCIES'));
  return lock;
}

const sources = new Set(['GEM', 'GIT', 'PATH', 'PLUGIN SOURCE']);

function readSpec(line: string, location: Location, lock: Lock): Gem | undefined {
  const [, name = '', written = ''] = specLine.exec(line) ?? [];
  if (name === '') {
    const message = `not "name (version)": ${line.trim().slice(0, 100)}`;
    lock.problems.push({ kind: 'schema', message, location, hidesFindings: true });
    return undefined;
  }
  // `1.15.4-x86_64-linux`: a dash never stands in a gem version, what follows is the platform.
  const version = written.split('-')[0] ?? written;
  const known = lock.gems.get(name);
  const locations = known?.version === version ? [...known.locations, location] : [location];
  const dependencies = known?.version === version ? known.dependencies : [];
  return { name, version, locations, dependencies, relationship: 'unknown', facts: {} };
}

function originOf(section: string, options: Readonly<Record<string, string>>): Pick<Gem, 'relationship' | 'facts'> {
  const { remote, revision } = options;
  if (section === 'PATH') return { relationship: remote === '.' ? 'root' : 'workspace', facts: {} };
  if (section !== 'GIT') return { relationship: 'unknown', facts: {} };
  return {
    relationship: 'unknown',
    facts: {
      ...(remote === undefined ? {} : { repository: remote }),
      ...(revision === undefined ? {} : { commit: revision }),
    },
  };
}

function idOf(gem: Gem): string {
  return `${gem.name}@${gem.version}`;
}

function packageOfGem(gem: Gem, lock: Lock): Package {
  const { name, version, relationship, locations, facts } = gem;
  const purl = formatPurl({ type: 'gem', name, version });
  const digest = lock.digests.get(idOf(gem));
  const needed = gem.dependencies.map((item) => lock.gems.get(item)).filter((item) => item !== undefined);
  return packageOf({
    id: idOf(gem),
    name,
    version,
    type: 'gem',
    ...(purl === undefined ? {} : { purl }),
    relationship,
    locations,
    digests: digest === undefined ? [] : [digest],
    dependsOn: [...new Set(needed.map(idOf))],
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}
