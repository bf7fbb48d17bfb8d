// SPDX-License-Identifier: Apache-2.0
// Opens and inspects the targets of one `scan`: several at a time, layers that images share once, and a target that cannot be opened does not
// keep the others from being looked at.
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { ManifestProfile } from '../../evidence/misconfiguration/manifest-check.ts';
import { catalogers } from '../../evidence/packages/index.ts';
import { decodeText } from '../../formats/text.ts';
import type { RegistryClient } from '../../io/registry/client.ts';
import { storedFolder } from '../../io/stored-files.ts';
import { LandwaiterError, messageOf } from '../../model/error.ts';
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { ClosableReader } from '../images/layer-readers.ts';
import type { Inspection } from '../inspect.ts';
import type { ConfigurationFile } from '../misconfiguration/manifest-selection.ts';
import type { FileScanner } from '../source-scan/file-scanner.ts';
import type { FileCache } from '../source-scan/known-files.ts';
import { openScanners } from '../source-scan/open-scanners.ts';
import type { Target } from '../target.ts';
import { readDocument } from '../target.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { fileNamesFrom } from './file-patterns.ts';
import { fileCacheFolder, inspectOpened, layerCacheFolder, openForInspection } from './inspect-target.ts';
import { scannersOf } from './scan-filters.ts';

/** A target as it was typed, or as a manifest names it. */
export interface NamedTarget {
  readonly target: string;
  readonly namedBy: readonly Location[];
}

export interface ExpandedTargets {
  readonly targets: readonly NamedTarget[];
  /** What kept targets from being known. */
  readonly problems: readonly Problem[];
}

const manifestScheme = 'manifests:';

/** The operands, with `manifests:PATH` replaced by the images that the manifests name; without --images it stays, and opening it is refused. */
export async function expandTargets(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<ExpandedTargets> {
  const targets = new Map<string, Location[]>();
  const problems: Problem[] = [];
  const add = (target: string, namedBy: readonly Location[]): void =>
    void targets.set(target, [...(targets.get(target) ?? []), ...namedBy]);
  for (const operand of operands) {
    if (!operand.startsWith(manifestScheme) || !values.isSet('images')) {
      add(operand, []);
      continue;
    }
    const { imagesInManifests } = await import('../images/manifest-images.ts');
    const { compileExclusions } = await import('./exclusion.ts');
    const { cwd, readStdin } = context;
    const isExcluded = compileExclusions(values.list('exclude'));
    const path = operand.slice(manifestScheme.length) || '.';
    const found = await imagesInManifests(path, { cwd, readStdin, isExcluded });
    for (const { target, namedBy } of found.images) add(target, namedBy);
    problems.push(...found.problems);
  }
  return { targets: [...targets].map(([target, namedBy]) => ({ target, namedBy })), problems };
}

export type TargetOutcome =
  | {
      readonly kind: 'inspected';
      readonly named: NamedTarget;
      readonly inspection: Inspection;
      readonly scanners: ReadonlySet<string>;
    }
  | { readonly kind: 'not opened'; readonly named: NamedTarget; readonly code: string; readonly message: string };

export interface TargetsOptions {
  readonly values: FlagValues;
  /** RFC 3339. */
  readonly observedAt: string;
}

/** Outcomes in the order of the targets. A single target that cannot be opened throws, as do faults of usage. */
export async function inspectTargets(
  context: CommandContext,
  targets: readonly NamedTarget[],
  options: TargetsOptions,
): Promise<readonly TargetOutcome[]> {
  const { values } = options;
  const jobs = values.number('jobs') ?? Math.min(4, availableParallelism());
  const client =
    targets.filter(({ target }) => target.startsWith('image:')).length > 1
      ? await clientOf(context, values)
      : undefined;
  const progress = new RunProgress(context, targets.length);
  let reader: ClosableReader | undefined;
  try {
    const opened = await inLanes(targets, jobs, (named) =>
      attempt(named, targets.length, () =>
        openForInspection(context, named.target, { values, registryClient: client }),
      ),
    );
    const shared = await sharedReaderOf(context, opened, values);
    reader = shared?.inner;
    const images = opened.flatMap((item) =>
      item.kind === 'done' && item.value.kind === 'image' ? item.value.image : [],
    );
    return await inLanes(opened, jobs, async (item): Promise<TargetOutcome> => {
      if (item.kind === 'not opened') return item;
      const target = item.value;
      const scanners = scannersOf(values, target.kind);
      const inspected = await attempt(item.named, targets.length, async () => {
        const fileScanners = await scannersFor(context, scannersOfKind(scanners, target.kind), options);
        const knownFiles = await fileCacheFor(context, values, { target, fileScanners });
        const inspection = await inspectOpened(context, target, {
          ...options,
          files: target.kind === 'image' && scanners.has('misconfig') ? 'owned' : undefined,
          scanners: fileScanners,
          knownFiles,
          otherImages: target.kind === 'image' ? images.filter((image) => image !== target.image) : [],
          reader: target.kind === 'image' ? shared?.outer : undefined,
          onProgress: progress.of(item.named.target),
        });
        knownFiles?.save();
        return inspection;
      });
      progress.finished();
      if (inspected.kind === 'not opened') return inspected;
      return { kind: 'inspected', named: item.named, inspection: inspected.value, scanners };
    });
  } finally {
    await reader?.close();
    client?.close();
    context.progress.done();
  }
}

/** In images only secrets are looked for in files: what else there is to say of them their configuration and packages say. */
function scannersOfKind(names: ReadonlySet<string>, kind: Target['kind']): ReadonlySet<string> {
  if (kind === 'source') return names;
  return new Set(kind === 'image' && names.has('secret') ? ['secret'] : []);
}

function configurationNamed(path: string | undefined, cwd: string): ConfigurationFile | undefined {
  if (path === undefined) return undefined;
  return { path, text: decodeText(readDocument(resolve(cwd, path), path), path).text };
}

async function scannersFor(
  { cwd }: CommandContext,
  names: ReadonlySet<string>,
  { values, observedAt }: TargetsOptions,
): Promise<readonly FileScanner[]> {
  return openScanners({
    cwd,
    names,
    today: observedAt.slice(0, 10),
    misconfigProfile: (values.text('misconfig-profile') ?? 'landwaiter') as ManifestProfile,
    misconfigConfiguration: configurationNamed(values.text('misconfig-config'), cwd),
    deprecatedChecks: values.isSet('include-deprecated-checks') ? 'included' : 'left out',
    fileNames: await fileNamesFrom(values),
    asked: values.list('scanners').length > 0 ? 'by name' : 'by default',
    codeRules: values.list('code-rules'),
    sarif: values.list('sarif'),
  });
}

/** Only for folders: their files tell when they change. Undefined also when the program runs from its sources, which change under it. */
async function fileCacheFor(
  context: CommandContext,
  values: FlagValues,
  { target, fileScanners }: { readonly target: Target; readonly fileScanners: readonly FileScanner[] },
): Promise<FileCache | undefined> {
  if (fileScanners.length === 0 || target.kind !== 'source' || target.place === undefined) return undefined;
  if (target.source.kind !== 'directory') return undefined;
  const folder = fileCacheFolder(context, values);
  const { programDigest } = await import('../images/layer-cache.ts');
  const program = programDigest();
  if (folder === undefined || program === undefined) return undefined;
  const { openFileCache } = await import('../source-scan/known-files.ts');
  const rules = [program, ...fileScanners.map(({ name, rulesDigest }) => `${name} ${rulesDigest}`)];
  return openFileCache({ folder: storedFolder(folder), root: target.place, rules, startedAt: context.clock.now() });
}

async function clientOf({ environment }: CommandContext, values: FlagValues): Promise<RegistryClient> {
  // Loaded for images only: a scan of a folder starts sooner without HTTPS.
  const { systemRegistryClient } = await import('../../io/registry/system.ts');
  return systemRegistryClient({ environment, home: environment['HOME'], insecure: values.list('insecure-registry') });
}

type Attempt<T> =
  | { readonly kind: 'done'; readonly named: NamedTarget; readonly value: T }
  | Extract<TargetOutcome, { kind: 'not opened' }>;

async function attempt<T>(named: NamedTarget, total: number, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'done', named, value: await work() };
  } catch (error) {
    const isKnown = error instanceof LandwaiterError;
    // What is wrong with one target is told beside the others; what is wrong with the command ends it.
    if (total === 1 || !isKnown || error.code === 'USAGE') throw error;
    return { kind: 'not opened', named, code: error.code, message: messageOf(error) };
  }
}

/** For several images: one reader for the layers of all of them. */
async function sharedReaderOf(
  context: CommandContext,
  opened: readonly Attempt<Target>[],
  values: FlagValues,
): Promise<{ readonly inner: ClosableReader; readonly outer: ClosableReader } | undefined> {
  const images = opened.flatMap((item) =>
    item.kind === 'done' && item.value.kind === 'image' ? item.value.image : [],
  );
  if (images.length < 2) return undefined;
  const { layerReader } = await import('../images/layer-readers.ts');
  const { sharedReader } = await import('../images/shared-layers.ts');
  const files = scannersOf(values, 'image').has('misconfig') ? 'owned' : undefined;
  const layers = [...new Map(images.flatMap((image) => image.layers).map((layer) => [layer.digest, layer])).values()];
  const inner = await layerReader(layers, {
    catalogers,
    threads: 'allowed',
    layerCache: layerCacheFolder(context, values),
    files,
  });
  return { inner, outer: sharedReader(inner, images) };
}

/** Calls `work` for every item, `lanes` at a time; results in the order of the items. */
async function inLanes<I, O>(items: readonly I[], lanes: number, work: (item: I) => Promise<O>): Promise<readonly O[]> {
  const results = new Map<number, O>();
  const queue = [...items.entries()];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results.set(next[0], await work(next[1]));
  };
  await Promise.all(Array.from({ length: Math.max(1, lanes) }, lane));
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}

/** `reading 2 of 5, registry.example/app:1.2`, with the files and bytes of all. */
class RunProgress {
  readonly #context: CommandContext;
  readonly #total: number;
  readonly #counts = new Map<string, { files: number; bytes: number }>();
  #finished = 0;

  constructor(context: CommandContext, total: number) {
    this.#context = context;
    this.#total = total;
  }

  of(target: string): (files: number, bytes: number) => void {
    return (files, bytes) => {
      this.#counts.set(target, { files, bytes });
      const all = [...this.#counts.values()];
      const place = `${Math.min(this.#finished + 1, this.#total)} of ${this.#total}, ${target}:`;
      this.#context.progress.update({
        what: this.#total === 1 ? 'reading' : `reading ${place}`,
        files: all.reduce((sum, item) => sum + item.files, 0),
        bytes: all.reduce((sum, item) => sum + item.bytes, 0),
      });
    };
  }

  finished(): void {
    this.#finished += 1;
  }
}
