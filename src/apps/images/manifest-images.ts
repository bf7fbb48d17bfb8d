// SPDX-License-Identifier: Apache-2.0
// `manifests:PATH --images`: the images that Kubernetes manifests run. PATH is a folder, a file (what `helm template` or `kubectl get -o yaml`
// wrote), or `-` for standard input. Reads pod templates of any kind of object; nothing is rendered.
import { resolve } from 'node:path';
import { CatalogRun } from '../../evidence/packages/catalog.ts';
import { kubernetesImages } from '../../evidence/packages/kubernetes-images.ts';
import { localDisk } from '../../io/disk.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Location } from '../../model/location.ts';
import type { PackageList } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';

export interface NamedImage {
  /** As a target: `image:registry.example/app:1.2`. */
  readonly target: string;
  /** Every place that names it. */
  readonly namedBy: readonly Location[];
}

export interface ManifestImages {
  readonly images: readonly NamedImage[];
  /** What could not be read, and templates that nobody rendered: they may name more images. */
  readonly problems: readonly Problem[];
}

export interface ManifestOptions {
  readonly cwd: string;
  readonly readStdin: () => Promise<Uint8Array>;
  readonly isExcluded?: ((path: string) => boolean) | undefined;
}

const cataloger = { ...kubernetesImages, files: [...kubernetesImages.files, '**/*.json'] };

/** Throws TARGET_NOT_FOUND when there is nothing at `path`. */
export async function imagesInManifests(path: string, options: ManifestOptions): Promise<ManifestImages> {
  const run = new CatalogRun([cataloger]);
  const templates: Problem[] = [];
  const take = (file: SourceFile): void => {
    if (isTemplate(file)) templates.push(unrendered(file.path));
    run.take(file);
  };
  const problems = await visit(path, { ...options, run, take });
  const output = run.finish();
  return {
    images: namedImages(output.lists),
    problems: [...problems, ...templates, ...output.problems.map((problem) => ({ ...problem, hidesFindings: true }))],
  };
}

interface Visit extends ManifestOptions {
  readonly run: CatalogRun;
  readonly take: (file: SourceFile) => void;
}

async function visit(path: string, { cwd, readStdin, isExcluded, run, take }: Visit): Promise<readonly Problem[]> {
  if (path === '-') {
    take({ path: 'stdin.yaml', bytes: await readStdin() });
    return [];
  }
  const root = localDisk.resolve(resolve(cwd, path));
  const kind = root === undefined ? undefined : localDisk.kindOf(root);
  if (root === undefined || kind === undefined) {
    const message = `could not open manifests:${path}: there is nothing at ${path}`;
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message });
  }
  if (kind !== 'directory') {
    const result = localDisk.read(root, defaultLimits.documentBytes);
    if (result.kind === 'bytes') {
      take({ path, bytes: result.bytes });
      return [];
    }
    const message = result.kind === 'too-large' ? `${result.size} bytes are too many` : result.reason;
    return [{ kind: 'unreadable', message, location: { path }, hidesFindings: true }];
  }
  const { directorySource } = await import('../../sources/directory.ts');
  const source = directorySource({ disk: localDisk, limits: defaultLimits, path, root, isExcluded });
  const { problems } = await source.visit({
    mayWant: (folder, name) => run.mayWant(folder, name),
    wants: (file) => run.wants(file),
    take,
  });
  return problems;
}

/** A chart's template names images that only rendering shows. */
function isTemplate({ bytes }: SourceFile): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return text.includes('apiVersion') && /\bimage:[^\n]{0,300}\{\{/.test(text.toString('latin1'));
}

function unrendered(path: string): Problem {
  const message =
    'a template that is not rendered: its images are not known (helm template CHART | landwaiter scan manifests:- --images)';
  return { kind: 'unresolved', message, location: { path }, hidesFindings: true };
}

function namedImages(lists: readonly PackageList[]): readonly NamedImage[] {
  const places = new Map<string, Location[]>();
  for (const { name, version, locations } of lists.flatMap((list) => list.packages)) {
    const target = `image:${name}${version.includes(':') ? '@' : ':'}${version}`;
    places.set(target, [...(places.get(target) ?? []), ...locations]);
  }
  return [...places]
    .map(([target, namedBy]) => ({ target, namedBy }))
    .toSorted((a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0));
}
