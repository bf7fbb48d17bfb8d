// SPDX-License-Identifier: Apache-2.0
// Looks at one target once and records what is in it. The same function serves every surface: command line, server, jobs.
import type { ImageUnderCheck } from '../evidence/images/image-check.ts';
import type { GoSymbolScope } from '../evidence/package-facts/go-symbol-scope.ts';
import { CatalogRun } from '../evidence/packages/catalog.ts';
import type { Cataloger } from '../evidence/packages/cataloger.ts';
import { recordPackages } from '../evidence/packages/record.ts';
import type { LicenseRegistries } from '../io/license-registry.ts';
import { addRegistryLicenses } from '../io/license-registry.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Evidence } from '../model/evidence.ts';
import { evidenceOf } from '../model/evidence.ts';
import { GraphBuilder } from '../model/graph.ts';
import type { Distribution, PackageList } from '../model/package.ts';
import type { Subject } from '../model/subject.ts';
import { subjectOf } from '../model/subject.ts';
import { programName, version } from '../model/version.ts';
import type { ReportTarget } from '../report/report.ts';
import type { ImageInput } from '../sources/image/image-input.ts';
import type { ClosableReader } from './images/layer-readers.ts';
import type { FileScan, FileScanner } from './source-scan/file-scanner.ts';
import type { KnownFiles } from './source-scan/shared-walk.ts';
import { SharedWalk } from './source-scan/shared-walk.ts';
import type { Target } from './target.ts';

export interface Inspection {
  readonly graph: GraphBuilder;
  readonly target: ReportTarget;
  readonly subject: Subject;
  readonly lists: readonly PackageList[];
  readonly coverage: Coverage;
  /** Of images: what their checks look at. */
  readonly image?: ImageUnderCheck;
  /** Evidence per list, in the order of `lists`. */
  readonly evidence: readonly Evidence[];
  /** What the scanners of files found. */
  readonly scans: readonly RecordedScan[];
  /** Where the target lies on this machine: absolute, without symbolic links. Absent for images and standard input. */
  readonly place?: string | undefined;
}

/** What one scanner found, with the evidence that says so. */
export interface RecordedScan {
  readonly scan: FileScan;
  readonly evidence: Evidence;
  readonly milliseconds: number;
}

export interface InspectOptions {
  readonly catalogers: readonly Cataloger[];
  /** RFC 3339. */
  readonly observedAt: string;
  /** Leaves out development and test packages. */
  readonly scopes: 'all' | 'runtime';
  /** What becomes of Python requirements that are not pinned; `keep` when absent. */
  readonly unpinned?: 'keep' | 'guess';
  /** Registries to ask for licences; absent: none, and no network. */
  readonly licenses?: LicenseRegistries;
  /** Of which modules of Go programs the functions are recorded; absent: of none. */
  readonly goSymbols?: GoSymbolScope | undefined;
  /** For images, whose paths are known only here; other targets were opened with theirs. */
  readonly isExcluded?: ((path: string) => boolean) | undefined;
  readonly onProgress?: ((files: number, bytes: number) => void) | undefined;
  /** Layers of images may be read in other threads; these use the list of all catalogers. */
  readonly threads?: 'allowed';
  /** Folder for what was read of layers of images, of the same catalogers; absent: nothing is kept. */
  readonly layerCache?: string | undefined;
  /** Of images: `owned` also finds out which package brought each file. */
  readonly files?: 'owned' | undefined;
  /** Of images: those that were given beside it, among which its base may be. */
  readonly otherImages?: readonly ImageInput[];
  /** Look at the files of a source while it is walked. */
  readonly scanners?: readonly FileScanner[];
  /** Files that gave nothing before. */
  readonly knownFiles?: KnownFiles | undefined;
  /** Milliseconds, for the timing of scanners; absent: nothing is timed. */
  readonly elapsed?: () => number;
  /** Reads the layers of several images, with these catalogers and files; absent: one is made for this image. */
  readonly reader?: ClosableReader | undefined;
}

const producer = { name: programName, version };

export async function inspect(target: Target, options: InspectOptions): Promise<Inspection> {
  const looked = await lookAt(target, options);
  const found = options.licenses === undefined ? looked : await withLicenses(looked, options.licenses);
  const kept = options.scopes === 'all' ? found.lists : found.lists.map(withoutDevelopment);
  const lists = options.unpinned === 'guess' ? await guessed(kept) : kept;
  const graph = new GraphBuilder();
  graph.addSubject(found.subject);
  const trust = target.kind === 'sbom' ? 'asserted' : 'observed';
  const source = found.target.target;
  const { observedAt } = options;
  const { goSymbols } = options;
  const recording = { target: found.subject, source, producer, observedAt, trust, goSymbols } as const;
  const recorded = recordPackages(graph, lists, recording);
  if (target.kind === 'image') {
    const { recordImage, recordOrigins } = await import('../evidence/images/record.ts');
    recordImage(graph, target.image, { ...recording, base: found.image?.base });
    recordOrigins(graph, lists, recorded);
  }
  graph.addEvidence(
    evidenceOf<'coverage'>({
      subject: found.subject.id,
      kind: 'coverage',
      body: found.coverage,
      producer,
      source,
      observedAt,
      trust: 'observed',
    }),
  );
  const scans = (found.scans ?? []).map((item): RecordedScan => {
    const { id } = found.subject;
    const body = item.scan.fact;
    const evidence = evidenceOf<'source-scan'>({
      subject: id,
      kind: 'source-scan',
      body,
      producer,
      source,
      observedAt,
      trust: 'observed',
    });
    graph.addEvidence(evidence);
    return { ...item, evidence };
  });
  return {
    graph,
    scans,
    target: found.target,
    subject: found.subject,
    lists,
    coverage: found.coverage,
    evidence: recorded,
    ...(found.image === undefined ? {} : { image: found.image }),
    ...(target.kind === 'image' || target.place === undefined ? {} : { place: target.place }),
  };
}

async function guessed(lists: readonly PackageList[]): Promise<readonly PackageList[]> {
  const { withGuessedVersions } = await import('../evidence/package-facts/python-guess.ts');
  return lists.map(withGuessedVersions);
}

async function lookAt(target: Target, options: InspectOptions): Promise<Found> {
  if (target.kind === 'sbom') return fromSbom(target);
  return target.kind === 'image' ? fromImage(target, options) : fromSource(target, options);
}

async function fromImage(target: Extract<Target, { kind: 'image' }>, options: InspectOptions): Promise<Found> {
  const { image } = target;
  const { imageSubject } = await import('../evidence/images/record.ts');
  const { inspectImage } = await import('./images/inspect-image.ts');
  const { imageUnderCheck } = await import('./images/image-under-check.ts');
  const { isExcluded, onProgress, catalogers, files, otherImages = [] } = options;
  const { layerReader } = await import('./images/layer-readers.ts');
  const reader = options.reader ?? (await layerReader(image.layers, options));
  try {
    const contents = await inspectImage(image, { catalogers, isExcluded, onProgress, reader, files });
    const { lists, coverage } = contents;
    const subject = imageSubject(image);
    const scans = await scansOfLayers(image, options);
    return {
      subject,
      image: imageUnderCheck(image, contents, otherImages),
      target: {
        target: target.target,
        kind: 'image',
        name: image.name,
        version: image.version === '' ? image.digest : image.version,
        subject: subject.id,
      },
      lists: withDistribution(lists),
      scans,
      coverage: { ...coverage, problems: [...coverage.problems, ...scans.flatMap(({ scan }) => scan.problems)] },
    };
  } finally {
    target.close();
  }
}

/** Only for scanners that were asked for: reading all files of an image takes longer than its packages do. */
async function scansOfLayers(
  image: ImageInput,
  { scanners = [], elapsed = () => 0 }: InspectOptions,
): Promise<readonly TimedScan[]> {
  if (scanners.length === 0) return [];
  const { scanLayers } = await import('./images/scan-layers.ts');
  const start = elapsed();
  const problems = await scanLayers(image.layers, scanners);
  const milliseconds = elapsed() - start;
  const scans: TimedScan[] = [];
  for (const [index, scanner] of scanners.entries()) {
    const scan = await scanner.finish();
    scans.push({ scan: index === 0 ? { ...scan, problems: [...problems, ...scan.problems] } : scan, milliseconds });
  }
  return scans;
}

async function withLicenses(found: Found, registries: LicenseRegistries): Promise<Found> {
  const { lists, problems } = await addRegistryLicenses(found.lists, registries);
  return { ...found, lists, coverage: { ...found.coverage, problems: [...found.coverage.problems, ...problems] } };
}

interface Found {
  readonly subject: Subject;
  readonly target: ReportTarget;
  readonly lists: readonly PackageList[];
  readonly coverage: Coverage;
  readonly image?: ImageUnderCheck;
  readonly scans?: readonly TimedScan[];
}

type TimedScan = Omit<RecordedScan, 'evidence'>;

/** One after the other: what they do last takes time too. */
async function finishScans(
  walk: SharedWalk,
  scanners: readonly FileScanner[],
  elapsed: () => number,
): Promise<readonly TimedScan[]> {
  const scans: TimedScan[] = [];
  for (const scanner of scanners) {
    const start = elapsed();
    const scan = await scanner.finish();
    scans.push({ scan, milliseconds: (walk.timing.get(scanner.name) ?? 0) + elapsed() - start });
  }
  walk.remember(scans.map(({ scan }) => scan));
  return scans;
}

async function fromSource(
  target: Extract<Target, { kind: 'source' }>,
  { catalogers, scanners = [], knownFiles, elapsed = () => 0 }: InspectOptions,
): Promise<Found> {
  const { source } = target;
  const run = new CatalogRun(catalogers);
  const walk = new SharedWalk(run, scanners, { known: knownFiles, now: elapsed });
  const walked = await source.visit(scanners.length === 0 ? run : walk);
  const scans = await finishScans(walk, scanners, elapsed);
  const { lists, problems } = run.finish();
  return {
    subject: source.subject,
    target: {
      target: source.target,
      kind: source.kind,
      name: source.name,
      version: source.version,
      subject: source.subject.id,
    },
    lists: withDistribution(lists),
    scans,
    coverage: {
      ...walked,
      problems: [...walked.problems, ...problems, ...scans.flatMap(({ scan }) => scan.problems)],
    },
  };
}

function fromSbom(target: Extract<Target, { kind: 'sbom' }>): Found {
  const { document } = target;
  const subject = subjectOf('sbom', document.serial ?? target.path, document.name === '' ? target.path : document.name);
  const lists = document.lists.map((list) =>
    list.distribution !== undefined || document.distribution === undefined
      ? list
      : { ...list, distribution: document.distribution },
  );
  return {
    subject,
    target: {
      target: target.target,
      kind: 'sbom',
      name: document.name || target.path,
      version: document.version ?? '',
      subject: subject.id,
    },
    lists,
    coverage: { filesSeen: 1, filesRead: 1, bytesRead: 0, skipped: [], problems: document.problems },
  };
}

/** A distribution that one file tells of holds for every list of operating system packages of the same target. */
function withDistribution(lists: readonly PackageList[]): readonly PackageList[] {
  // An SBOM in the target may tell of another system: it neither gives nor takes.
  const isOwn = (list: PackageList): boolean => list.trust !== 'asserted';
  const distribution: Distribution | undefined = lists.find(
    (list) => isOwn(list) && list.distribution !== undefined,
  )?.distribution;
  if (distribution === undefined) return lists;
  return lists.map((list) =>
    list.distribution === undefined && isOwn(list) && osTypes.has(list.ecosystem) ? { ...list, distribution } : list,
  );
}

const osTypes: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk', 'alpm', 'ebuild']);

function withoutDevelopment(list: PackageList): PackageList {
  const kept = list.packages.filter((item) => item.scope !== 'development' && item.scope !== 'test');
  if (kept.length === list.packages.length) return list;
  const ids = new Set(kept.map((item) => item.id));
  return {
    ...list,
    packages: kept.map((item) => ({ ...item, dependsOn: item.dependsOn.filter((id) => ids.has(id)) })),
  };
}
