// SPDX-License-Identifier: Apache-2.0
// What is special about the fixtures of Trivy's Maven tests.
import { posix } from 'node:path';
import { asString } from '../../../src/formats/document.ts';
import { parsePom } from '../../../src/formats/maven-pom.ts';
import type { SourceFile } from '../../../src/sources/source.ts';
import type { RowInput } from './inputs.ts';

/** Upstream's fixtures are trees of projects, of which the pack holds the one that a row names: parents and modules are missing. */
export function mavenFilesMissing(input: RowInput, alongside: readonly SourceFile[]): string | undefined {
  const file = input.files[0];
  const present = new Set(alongside.map((other) => other.path));
  if (file === undefined) return undefined;
  const model = parsePom(file.bytes, file.path);
  const folder = posix.dirname(file.path);
  const projects = model.modules.map((name) => posix.join(folder, name));
  if (model.parent !== undefined && model.parent.relativePath !== '')
    projects.push(posix.join(folder, model.parent.relativePath));
  const missing = projects.filter((path) => !present.has(path) && !present.has(posix.join(path, 'pom.xml')));
  return missing.length === 0 ? undefined : `not in the pack: ${missing.join(', ')}`;
}

/** `exampleApi("5c1ec8f", 16, 21)`: a test function that makes the package whose id ends in that sum; the ids stand in `wantDeps`. */
export function packageOfCall(
  call: { readonly args?: readonly unknown[] },
  ids: readonly string[],
): { ID: string; Name: string; Version: string } | undefined {
  const sum = asString(call.args?.[0]);
  const id = sum === undefined ? undefined : ids.find((item) => item.endsWith(`::${sum}`));
  const [group, artifact, version] = id?.split('::')[0]?.split(':') ?? [];
  return id === undefined || version === undefined
    ? undefined
    : { ID: id, Name: `${group}:${artifact}`, Version: version };
}
