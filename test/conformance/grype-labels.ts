// SPDX-License-Identifier: Apache-2.0
// The pack `grype-labels`: findings of images that people judged. A label gives name, version and vulnerability of a package; its kind follows
// from its image. Cases are lines on which the data can be right or wrong: a TP line must be found where the data has an advisory of that id
// on the package; an FP line must not be reported where the data has an advisory of that id at all. Lines of packages whose kind
// cannot be told, and lines on which the data has no word, are no cases.
import type { Package } from '../../src/model/package.ts';
import { packageOf } from '../../src/model/package.ts';
import { findingsIn } from '../support/scan-packages.ts';
import type { VulnerabilityData } from '../support/vulnerability-data.ts';
import { vulnerabilityData } from '../support/vulnerability-data.ts';
import type { ImageSystem } from './grype-labels/images.ts';
import { ownerOf, systemOf } from './grype-labels/images.ts';
import type { Label } from './grype-labels/labels.ts';
import { labelsByImage } from './grype-labels/labels.ts';
import type { Statement } from './grype-labels/statements.ts';
import { Statements, typeOf } from './grype-labels/statements.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { failed, passed } from './pack.ts';

interface Tally {
  cases: number;
  reported: number;
}

/** Lines that were run: `FP` and `TP` with how many of them were reported. */
const tallies: Record<Label['label'], Tally> = { FP: { cases: 0, reported: 0 }, TP: { cases: 0, reported: 0 } };

export const grypeLabelsPack: ConformancePack = { name: 'grype-labels', cases, detail };

function cases(root: string): ConformanceCase[] {
  const data = vulnerabilityData();
  if (data === undefined) return [];
  const statements = new Statements(data.advisories);
  return [...labelsByImage(root).values()].flatMap((labels) => casesOfImage(labels, statements, data));
}

/** FP lines wrongly reported and TP lines found, as shares of those on which the data has a word. */
function detail(): unknown {
  const share = ({ cases: all, reported }: Tally): number => (all === 0 ? 0 : Number((reported / all).toFixed(4)));
  return { falsePositivesReported: share(tallies.FP), truePositivesFound: share(tallies.TP), ...tallies };
}

/** The label as a package of one kind, with what else of the image matters. */
interface Reading {
  readonly packages: readonly Package[];
  readonly system: ImageSystem | undefined;
}

function casesOfImage(labels: readonly Label[], statements: Statements, data: VulnerabilityData): ConformanceCase[] {
  const system = systemOf(labels);
  const present = registriesIn(labels, statements, system);
  const seen = new Map<string, number>();
  return labels.flatMap((label) => {
    const reading = readingOf(label, labels, { statements, system, present });
    if (reading === undefined) return [];
    const image = label.image.replace(/^.*\/([^/@]+)@sha256:(.{8}).*$/, '$1@$2');
    const id = `${label.label}/${image}/${label.name}@${label.version}/${label.ids[0]}`;
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return [{ id: count === 1 ? id : `${id}/${count}`, run: () => run(label, reading, data) }];
  });
}

interface ImageContext {
  readonly statements: Statements;
  readonly system: ImageSystem | undefined;
  /** Registries whose packages the image holds for sure. */
  readonly present: ReadonlySet<string>;
}

/** A finding that people confirmed proves that the image holds packages of the registry. */
function registriesIn(
  labels: readonly Label[],
  statements: Statements,
  system: ImageSystem | undefined,
): ReadonlySet<string> {
  const confirmed = labels.filter((label) => label.label === 'TP' && system?.isOwn(label) !== true);
  const found = confirmed.map((label) => statements.ofRegistries(label)).filter((all) => all.length === 1);
  return new Set(found.flat().map((one) => one.ecosystem));
}

/** Undefined where the data has no word on the package, or where its kind cannot be told. */
function readingOf(label: Label, labels: readonly Label[], context: ImageContext): Reading | undefined {
  const { statements, system, present } = context;
  const isCase = label.label === 'FP' && statements.knows(label);
  if (system?.isOwn(label) === true) {
    const [statement] = statements.ofSystem(label, system);
    if (statement !== undefined) return { packages: [packageFor(label, statement, [])], system };
    return isCase ? { packages: [packageFor(label, { name: label.name, type: system.type }, [])], system } : undefined;
  }
  const named = statements.ofRegistries(label);
  const all = named.filter((one) => present.has(one.ecosystem));
  const [statement] = all;
  if (statement === undefined) {
    // Whatever registry of the image it comes from: nothing of that id is about a package of this name.
    const possible = [...present].filter((ecosystem) => ecosystem !== 'Go' || isModulePath(label.name));
    if (!isCase || named.length > 0 || possible.length === 0) return undefined;
    const packages = possible.map((ecosystem) => packageFor(label, { name: label.name, type: typeOf(ecosystem) }, []));
    return { packages, system };
  }
  if (new Set(all.map((one) => one.type)).size > 1) return undefined;
  const owner = system === undefined ? undefined : ownerOf(label, labels, system);
  if (owner === undefined || system === undefined) return { packages: [packageFor(label, statement, [])], system };
  const installed = packageOf({ name: owner.name, version: owner.version, type: system.type });
  return { packages: [packageFor(label, statement, [installed.id]), installed], system };
}

/** The first part of a Go module's path is a host name, which has a dot. */
function isModulePath(name: string): boolean {
  return /^[^/]*\./.test(name) || name === 'stdlib';
}

function packageFor(
  { version }: Label,
  { name, type }: Pick<Statement, 'name' | 'type'>,
  ownedBy: readonly string[],
): Package {
  return packageOf({ name, version, type, ...(ownedBy.length === 0 ? {} : { ownedBy }) });
}

async function run(label: Label, { packages, system }: Reading, data: VulnerabilityData): Promise<CaseResult> {
  const findings = await findingsIn(packages, system?.distribution, data.lookup);
  const found = findings.some(
    (finding) =>
      finding.package.name === packages[0]?.name &&
      [finding.id, ...finding.aliases, ...finding.matches.map((match) => match.advisory)].some((id) =>
        label.ids.includes(id),
      ),
  );
  tallies[label.label].cases += 1;
  if (found) tallies[label.label].reported += 1;
  return found === (label.label === 'TP') ? passed : failed(label.label === 'TP' ? 'found' : 'not reported', label);
}
