// SPDX-License-Identifier: Apache-2.0
// Builds CycloneDX documents, an SBOM or a VEX, as trees. Everything in them follows from the content, so that the same input gives the
// same bytes; what is not known to be complete is not called complete.
import type { Coverage, SkipReason } from '../../model/coverage.ts';
import { formatLocation } from '../../model/location.ts';
import type { Distribution } from '../../model/package.ts';
import { compareText } from '../../model/projection.ts';
import { buildComponent, buildOperatingSystem } from './build-component.ts';
import { buildVulnerabilities } from './build-vulnerability.ts';
import { BuiltList } from './built-list.ts';
import { type BomContent, ownProperties, References, withoutEmpty } from './content.ts';
import type { BomObject } from './faults.ts';
import { isProject, JoinedPackage, joinPackages } from './join-packages.ts';
import type { Minor } from './notation.ts';
import { openSerialNumber } from './serial-number.ts';

/** All packages, their dependencies, and the vulnerabilities when they were looked for. The long lists are made when they are printed. */
export function buildSbom(content: BomContent, minor: Minor): BomObject {
  const parts = new Parts(content);
  const components = new BuiltList([...parts.systems, ...parts.packages], (item) =>
    item instanceof JoinedPackage
      ? buildComponent(item.package, item.ref, minor)
      : buildOperatingSystem(item.distribution, item.ref),
  );
  return {
    serialNumber: openSerialNumber,
    version: 1,
    metadata: metadataOf(content, parts.root),
    components,
    dependencies: parts.dependencies(),
    compositions: compositionsOf(content, parts),
    ...vulnerabilityMember(content, parts),
  };
}

/** The vulnerabilities, and as much of the affected components as it takes to know them again. */
export function buildVex(content: BomContent): BomObject {
  const parts = new Parts(content);
  const affected = new Set((content.vulnerabilities ?? []).map(({ finding }) => finding.package.subject));
  const components = parts.packages
    .filter((item) => affected.has(`package:${item.key}`))
    .map((item) =>
      withoutEmpty({
        type: 'library',
        'bom-ref': item.ref,
        name: item.package.name,
        version: item.package.version.length > 1_024 ? undefined : item.package.version,
        purl: item.package.purl,
      }),
    );
  return {
    serialNumber: openSerialNumber,
    version: 1,
    metadata: metadataOf(content, parts.root),
    components,
    ...vulnerabilityMember(content, parts),
  };
}

function vulnerabilityMember(content: BomContent, parts: Parts): BomObject {
  if (content.vulnerabilities === undefined) return {};
  return {
    vulnerabilities: buildVulnerabilities(content.vulnerabilities, (subject) => parts.refOf(subject), parts.references),
  };
}

class Parts {
  readonly references = new References();
  readonly root: string;
  readonly packages: readonly JoinedPackage[];
  readonly systems: readonly { readonly key: string; readonly distribution: Distribution; readonly ref: string }[];
  #byKey: ReadonlyMap<string, JoinedPackage> | undefined;

  constructor({ lists, target }: BomContent) {
    this.root = this.references.take('target');
    this.packages = joinPackages(lists, target.kind === 'sbom' ? target.target.replace(/^sbom:/, '') : undefined);
    const distributions = new Map<string, Distribution>();
    for (const item of this.packages) {
      const { key, distribution } = item;
      item.ref = this.references.take(key.endsWith('@') ? key.slice(0, -1) : key);
      if (distribution !== undefined) distributions.set(systemKey(distribution), distribution);
    }
    this.systems = [...distributions]
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, distribution]) => ({ key, distribution, ref: this.references.take(key) }));
  }

  /** The bom-ref of a package subject. */
  refOf(subject: string): string | undefined {
    this.#byKey ??= new Map(this.packages.map((item) => [item.key, item]));
    return subject.startsWith('package:') ? this.#byKey.get(subject.slice('package:'.length))?.ref : undefined;
  }

  /** One entry for each component. The target needs its projects, its operating system, and what nothing else in it needs. */
  dependencies(): BuiltList<JoinedPackage | BomObject> {
    const bySystem = new Map<string, string[]>(this.systems.map(({ key }) => [key, []]));
    const top: string[] = [];
    for (const item of this.packages) {
      if (!isAttached(item)) continue;
      const system = item.distribution === undefined ? undefined : bySystem.get(systemKey(item.distribution));
      (system ?? top).push(item.ref);
    }
    const first: BomObject[] = [
      { ref: this.root, dependsOn: [...this.systems.map(({ ref }) => ref), ...top].sort() },
      ...this.systems.map(({ key, ref }) => ({ ref, dependsOn: (bySystem.get(key) ?? []).sort() })),
    ];
    return new BuiltList([...first, ...this.packages], (item) =>
      item instanceof JoinedPackage
        ? { ref: item.ref, dependsOn: item.needs === undefined ? [] : refsOf(item.needs) }
        : item,
    );
  }

  /** Packages of files that tell no dependency at all: what these packages need is not known. */
  unknownDependencies(): string[] {
    return refsOf(this.packages.filter((item) => !item.hasToldNeeds));
  }
}

function isAttached(item: JoinedPackage): boolean {
  if (!item.isNeeded || isProject(item.package)) return true;
  return item.package.relationship === 'direct' && !item.isNeededByProject;
}

function refsOf(packages: Iterable<JoinedPackage>): string[] {
  const refs: string[] = [];
  for (const { ref } of packages) refs.push(ref);
  return refs.sort();
}

function systemKey(distribution: Distribution): string {
  return `operating-system/${distribution.id}@${distribution.versionId}`;
}

const targetTypes: Readonly<Record<string, string>> = { image: 'container', file: 'file' };

function metadataOf({ target, tool, createdAt, coverage }: BomContent, root: string): BomObject {
  const problems = coverage.flatMap((item) => item.problems).filter((problem) => problem.hidesFindings);
  return {
    timestamp: createdAt,
    ...(target.kind === 'directory' || target.kind === 'git' ? { lifecycles: [{ phase: 'pre-build' }] } : {}),
    tools: { components: [{ type: 'application', name: tool.name, version: tool.version }] },
    component: withoutEmpty({
      type: targetTypes[target.kind] ?? 'application',
      'bom-ref': root,
      name: target.name === '' ? target.target : target.name,
      version: target.version,
      properties: ownProperties([
        ['target', target.target],
        ['target:kind', target.kind],
      ]),
    }),
    ...(problems.length === 0
      ? {}
      : {
          properties: ownProperties([
            ['problems', String(problems.length)],
            ...problems
              .slice(0, maximumProblems)
              .map((problem) => ['problem', `${formatLocation(problem.location)}: ${problem.message}`] as const),
          ]),
        }),
  };
}

const maximumProblems = 100;

/** Entries that were passed over although they may hold packages. */
const hidingReasons: ReadonlySet<SkipReason> = new Set(['unreadable', 'too-large', 'too-many', 'submodule', 'outside']);

/**
 * `complete` in the sense of the specification: no further components are known to exist. With problems, or with entries that could not be
 * read, it is `incomplete`.
 */
function compositionsOf(content: BomContent, parts: Parts): BomObject[] {
  const isWhole = content.coverage.length > 0 && content.coverage.every((coverage) => isComplete(coverage));
  const unknown = parts.unknownDependencies();
  return [
    { aggregate: isWhole ? 'complete' : 'incomplete', assemblies: [parts.root] },
    ...(unknown.length === 0 ? [] : [{ aggregate: 'unknown', dependencies: unknown }]),
  ];
}

function isComplete(coverage: Coverage): boolean {
  const isHidden = coverage.problems.some((problem) => problem.hidesFindings);
  return !isHidden && !coverage.skipped.some((entry) => entry.count > 0 && hidingReasons.has(entry.reason));
}
