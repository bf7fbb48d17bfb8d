// SPDX-License-Identifier: Apache-2.0
// Makes all automatic fixes that checks offer for a set of manifest files, object by object from the end of each file, so that lines stay where they
// were read. Not here: writing files, and how one member is changed (fix-manifest.ts).

import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import type { TextEdit } from '../../model/text-edit.ts';
import type { CheckParameters } from './check-manifests.ts';
import { manifestSet } from './check-manifests.ts';
import { fixManifest } from './fix-manifest.ts';
import type { ManifestCheck, WantedValue } from './manifest-check.ts';
import { exemptionOf } from './manifest-exemption.ts';
import { nameOfResource } from './workload.ts';

export interface ManifestFile {
  readonly path: string;
  readonly text: string;
}

export interface FixedManifests {
  /** Files that changed, with their new text. */
  readonly files: readonly ManifestFile[];
  /** What was changed, and what could not be, in words. */
  readonly applied: readonly string[];
  readonly refused: readonly string[];
}

export interface FixOptions {
  readonly checks: readonly ManifestCheck[];
  readonly parameters?: CheckParameters;
}

/** Never throws: a check that fails offers nothing. Faults that an annotation exempts are left alone. */
export function fixManifests(files: readonly ManifestFile[], { checks, parameters = {} }: FixOptions): FixedManifests {
  const read = files.map((file) => ({
    file,
    resources: resourcesOf(parseKubernetesYaml(file.text, file.path)).resources,
  }));
  const set = manifestSet(
    read.flatMap(({ resources }) => resources),
    parameters,
  );
  const applied: string[] = [];
  const refused: string[] = [];
  const fixed = read.flatMap(({ file, resources }): ManifestFile[] => {
    let text = file.text;
    for (const resource of resources.toReversed()) {
      const line = resource.locate([]).line ?? 1;
      for (const check of checks) {
        for (const wanted of wantedBy(check, resource, set)) {
          const next = fixManifest(text, { line }, wanted);
          (next === undefined ? refused : applied).push(`${file.path}: ${nameOfResource(resource)}: ${check.id}`);
          text = next ?? text;
        }
      }
    }
    return text === file.text ? [] : [{ path: file.path, text }];
  });
  return { files: fixed, applied, refused };
}

function wantedBy(
  check: ManifestCheck,
  resource: KubernetesResource,
  set: ReturnType<typeof manifestSet>,
): readonly (readonly WantedValue[])[] {
  if (check.kinds?.includes(resource.kind) === false || exemptionOf(resource, check) !== undefined) return [];
  try {
    return check.run(resource, set).flatMap(({ wanted }) => (wanted === undefined ? [] : [wanted]));
  } catch {
    return [];
  }
}

/** One edit from the first line that differs to the last. */
export function editsBetween(path: string, before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  start = before.lastIndexOf('\n', start - 1) + 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const end = before.length - tail;
  const lineEnd = before.indexOf('\n', end);
  const stop = lineEnd === -1 ? before.length : lineEnd;
  return [{ path, start, end: stop, text: after.slice(start, after.length - (before.length - stop)) }];
}
