// SPDX-License-Identifier: Apache-2.0
// Images that a Dockerfile is built from: FROM, and COPY or RUN --mount that take files from an image which is no stage.

import type { DockerInstruction } from '../../formats/dockerfile.ts';
import { parseDockerfile } from '../../formats/dockerfile.ts';
import { substituteVariables } from '../../formats/shell-variables.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { imagePackage, parseImageReference, uniqueImages } from '../package-facts/image-reference.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

const names = ['Dockerfile', 'dockerfile', 'Containerfile', 'containerfile'];

export const dockerfileImages = defineCataloger({
  id: 'dockerfile-images',
  title: 'Dockerfile, Containerfile',
  ecosystems: ['docker'],
  kind: 'declared',
  files: names.flatMap((name) => [`**/${name}`, `**/${name}.*`, `**/*.${name}`]),
  except: ['**/*.dockerignore', '**/*.containerignore'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: true,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['build arguments without a default', 'what is inside the images'],
  },
  parse: parseImages,
});

interface Reading {
  readonly path: string;
  readonly problems: Problem[];
  /** ARG values declared before the first FROM, the only ones FROM sees. */
  readonly variables: Map<string, string>;
  readonly stages: Set<string>;
  readonly images: Package[];
}

function parseImages(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const instructions = parseDockerfile(text);
  const reading: Reading = {
    path: file.path,
    problems: [...encoding],
    variables: new Map(),
    stages: new Set(),
    images: [],
  };
  const last = instructions.findLastIndex((item) => item.keyword === 'FROM');
  const first = instructions.findIndex((item) => item.keyword === 'FROM');
  for (const [index, instruction] of instructions.entries()) {
    if (instruction.keyword === 'ARG' && (first === -1 || index < first)) declareArgument(instruction.value, reading);
    else if (instruction.keyword === 'FROM') readFrom(instruction, index === last ? 'runtime' : 'build', reading);
    else if (instruction.keyword === 'COPY' || instruction.keyword === 'RUN') readSources(instruction, reading);
  }
  return { packages: uniqueImages(reading.images), problems: reading.problems };
}

function declareArgument(value: string, { variables }: Reading): void {
  for (const match of value.matchAll(/([A-Za-z_]\w{0,200})=(?:"([^"]{0,1000})"|'([^']{0,1000})'|(\S{0,1000}))/g)) {
    const text = match[2] ?? match[3] ?? match[4] ?? '';
    const resolved = substituteVariables(text, variables);
    if (resolved !== undefined) variables.set(match[1] ?? '', resolved);
  }
}

/** `FROM [--platform=<platform>] <image> [AS <name>]`. */
function readFrom(instruction: DockerInstruction, scope: Scope, reading: Reading): void {
  const words = instruction.value.split(/\s+/).filter((word) => !word.startsWith('--'));
  const [image = '', as = '', stage = ''] = words;
  // The final image builds on an earlier stage: that stage's base is what runs.
  addImage(image, { instruction, scope }, reading);
  if (as.toUpperCase() === 'AS' && stage !== '') reading.stages.add(stage.toLowerCase());
}

/** `COPY --from=<image>` and `RUN --mount=type=bind,from=<image>`; numbers and names of stages are not images. */
function readSources(instruction: DockerInstruction, reading: Reading): void {
  const pattern = instruction.keyword === 'COPY' ? /^--from=(\S{1,600})/ : /^--mount=\S{0,600}?\bfrom=([^\s,]{1,600})/;
  for (const word of instruction.value.split(/\s+/)) {
    if (!word.startsWith('--')) return;
    const image = pattern.exec(word)?.[1];
    if (image !== undefined && !/^\d+$/.test(image)) addImage(image, { instruction, scope: 'build' }, reading);
  }
}

function addImage(
  written: string,
  { instruction, scope }: { readonly instruction: DockerInstruction; readonly scope: Scope },
  reading: Reading,
): void {
  const { path, problems, variables, stages } = reading;
  const location = { path, line: instruction.line, endLine: instruction.endLine };
  const image = substituteVariables(written.replace(/^["']|["']$/g, ''), variables);
  if (image === 'scratch' || (image !== undefined && stages.has(image.toLowerCase()))) return;
  const reference = image === undefined ? undefined : parseImageReference(image);
  if (reference !== undefined) reading.images.push(imagePackage(reference, location, scope));
  else {
    const message = `image ${written.slice(0, 200)} depends on a value that the file does not give`;
    problems.push({ kind: 'unresolved', message, location, hidesFindings: false });
  }
}
