// SPDX-License-Identifier: Apache-2.0
// Builds CycloneDX documents, an SBOM or a VEX, as trees. Everything in them follows from the content, so that the same input gives the
// same bytes; what is not known to be complete is not called complete.
import type { Coverage, SkipReason } from '../../model/coverage.ts';
import { formatLocation } from '../../model/location.ts';
import type { Distribution, PackageList } from '../../model/package.ts';
import { compareText } from '../../model/projection.ts';
import {
  buildComponent,
  buildOperatingSystem,
  isProject,
  type JoinedPackage,
  joinPackages,
} from './build-component.ts';
import { buildVulnerabilities } from './build-vulnerability.ts';
import { type BomContent, ownProperties, packageKey, References, withoutEmpty } from './content.ts';
import type { BomObject } from './faults.ts';
import type { Minor } from './notation.ts';
import { openSerialNumber } from './serial-number.ts';

/** All packages, their dependencies, and the vulnerabilities when they were looked for. */
export function buildSbom(content: BomContent, minor: Minor): BomObject {
  const parts = new Parts(content);
  const components = [
    ...parts.systems.map(({ distribution, ref }) => buildOperatingSystem(distribution, ref)),
    ...parts.packages.map((item) => buildComponent(item.package, parts.refOfKey(item.key), minor)),
  ];
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
        'bom-ref': parts.refOfKey(item.key),
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
  readonly systems: readonly { readonly distribution: Distribution; readonly ref: string }[];
  readonly #content: BomContent;
  readonly #refs = new Map<string, string>();
  readonly #needs = new Map<string, Set<string>>();

  constructor(content: BomContent) {
    this.#content = content;
    this.root = this.references.take('target');
    const { target } = content;
    this.packages = joinPackages(
      content.lists,
      target.kind === 'sbom' ? target.target.replace(/^sbom:/, '') : undefined,
    );
    for (const { key } of this.packages)
      this.#refs.set(key, this.references.take(key.endsWith('@') ? key.slice(0, -1) : key));
    const distributions = new Map(
      this.packages.flatMap(({ distribution }) =>
        distribution === undefined ? [] : [[systemKey(distribution), distribution] as const],
      ),
    );
    this.systems = [...distributions]
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, distribution]) => ({ distribution, ref: this.references.take(key) }));
    this.#addNeeds();
  }

  /** Ids of packages hold within their list; in SBOMs that were read also across lists. */
  #addNeeds(): void {
    let everywhere: ReadonlyMap<string, string> | undefined;
    for (const list of this.#content.lists) {
      if (list.packages.every((item) => item.dependsOn.length === 0)) continue;
      const own = new Map(list.packages.map((item) => [item.id, packageKey(item)]));
      for (const item of list.packages) {
        const source = this.refOfKey(packageKey(item));
        for (const id of item.dependsOn) {
          const key = own.get(id) ?? (everywhere ??= keysById(this.#content.lists)).get(id);
          const target = key === undefined ? undefined : this.#refs.get(key);
          if (target !== undefined && target !== source) this.#need(source, target);
        }
      }
    }
  }

  #need(source: string, target: string): void {
    const known = this.#needs.get(source);
    if (known === undefined) this.#needs.set(source, new Set([target]));
    else known.add(target);
  }

  refOfKey(key: string): string {
    return this.#refs.get(key) ?? key;
  }

  /** The bom-ref of a package subject. */
  refOf(subject: string): string | undefined {
    return subject.startsWith('package:') ? this.#refs.get(subject.slice('package:'.length)) : undefined;
  }

  /** One entry for each component. The target needs its projects, its operating system, and what nothing else in it needs. */
  dependencies(): BomObject[] {
    const needed = new Set<string>();
    for (const targets of this.#needs.values()) for (const target of targets) needed.add(target);
    const bySystem = new Map<string, string[]>(this.systems.map(({ ref }) => [ref, []]));
    const top: string[] = [];
    for (const { key, package: item, distribution } of this.packages) {
      const ref = this.refOfKey(key);
      const isAttached =
        isProject(item) || !needed.has(ref) || (item.relationship === 'direct' && !this.#isNeededByProject(ref));
      if (!isAttached) continue;
      const system =
        distribution === undefined
          ? undefined
          : this.systems.find((entry) => systemKey(entry.distribution) === systemKey(distribution));
      (system === undefined ? top : (bySystem.get(system.ref) ?? top)).push(ref);
    }
    return [
      { ref: this.root, dependsOn: [...bySystem.keys(), ...top].sort(compareText) },
      ...this.systems.map(({ ref }) => ({ ref, dependsOn: (bySystem.get(ref) ?? []).toSorted(compareText) })),
      ...this.packages.map(({ key }) => {
        const ref = this.refOfKey(key);
        return { ref, dependsOn: [...(this.#needs.get(ref) ?? [])].sort() };
      }),
    ];
  }

  #projectNeeds: ReadonlySet<string> | undefined;

  #isNeededByProject(ref: string): boolean {
    this.#projectNeeds ??= new Set(
      this.packages
        .filter((item) => isProject(item.package))
        .flatMap((item) => [...(this.#needs.get(this.refOfKey(item.key)) ?? [])]),
    );
    return this.#projectNeeds.has(ref);
  }

  /** Packages of files that tell no dependency at all: what these packages need is not known. */
  unknownDependencies(): string[] {
    const told = new Set<string>();
    const untold = new Set<string>();
    for (const list of this.#content.lists) {
      const isTold = list.packages.some((item) => item.dependsOn.length > 0);
      for (const item of list.packages) (isTold ? told : untold).add(this.refOfKey(packageKey(item)));
    }
    return [...untold].filter((ref) => !told.has(ref)).sort(compareText);
  }
}

/** Keys of all packages by id; of several with one id the last one counts. */
function keysById(lists: readonly PackageList[]): ReadonlyMap<string, string> {
  return new Map(lists.flatMap((list) => list.packages.map((item) => [item.id, packageKey(item)] as const)));
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
