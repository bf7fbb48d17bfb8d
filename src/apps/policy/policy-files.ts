// SPDX-License-Identifier: Apache-2.0
// Reads files and folders of Kubernetes documents: policies, and the objects that they judge. What cannot be read is a problem, never a policy that is
// missing in silence.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { decodeText } from '../../formats/text.ts';
import { reasonOf } from '../../io/disk.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';

export interface DocumentFiles {
  readonly documents: readonly KubernetesResource[];
  readonly problems: readonly Problem[];
  /** Documents without apiVersion and kind, which nobody looked at. */
  readonly noObjects: readonly Location[];
  /** Files read. */
  readonly files: number;
  readonly bytes: number;
}

/** A file, as it stood on disk or came in. */
export interface FileContent {
  /** As it is shown. */
  readonly path: string;
  readonly content: Uint8Array;
}

export interface FileContents {
  readonly files: readonly FileContent[];
  /** Of files that could not be read. */
  readonly problems: readonly Problem[];
}

export interface DocumentReading {
  readonly cwd: string;
  readonly readStdin: () => Promise<Uint8Array>;
}

const wanted = /\.(?:ya?ml|json)$/i;

/** Documents of files, of folders with all they hold, and of standard input (`-`), in the order of their names; of a file that is named twice once. Throws TARGET_NOT_FOUND for a name that leads nowhere. */
export async function readDocuments(names: readonly string[], reading: DocumentReading): Promise<DocumentFiles> {
  return documentsOf(await readFiles(names, reading));
}

/** The same files, not taken apart yet: for who wants to know first whether anything changed. */
export async function readFiles(names: readonly string[], { cwd, readStdin }: DocumentReading): Promise<FileContents> {
  const files: FileContent[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const name of names) {
    if (name === '-') {
      files.push({ path: '-', content: await readStdin() });
      continue;
    }
    const place = resolve(cwd, name);
    for (const path of filesIn(place, name)) {
      if (seen.has(path)) continue;
      seen.add(path);
      const shown = relative(cwd, path).startsWith('..') ? path : relative(cwd, path);
      const content = readLimited(path, shown);
      if (content instanceof Uint8Array) files.push({ path: shown, content });
      else problems.push(content);
    }
  }
  return { files, problems };
}

/** Never throws. */
export function documentsOf({ files, problems: unread }: FileContents): DocumentFiles {
  const documents: KubernetesResource[] = [];
  const problems: Problem[] = [...unread];
  const noObjects: Location[] = [];
  let bytes = 0;
  for (const { path, content } of files) {
    bytes += content.length;
    const decoded = decodeText(content, path);
    const read = parseKubernetesYaml(decoded.text, path);
    problems.push(...decoded.problems, ...read.flatMap((document) => document.problems));
    const { resources, others, problems: unlisted } = resourcesOf(read);
    problems.push(...unlisted);
    documents.push(...resources);
    noObjects.push(...others.map(({ document }) => document.locate([])));
  }
  return { documents, problems, noObjects, files: files.length, bytes };
}

function filesIn(place: string, name: string): readonly string[] {
  const stat = statSync(place, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `there is no file or folder ${name}` });
  if (!stat.isDirectory()) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((path) => wanted.test(path) && !path.split('/').some(isNoPolicyFolder))
    .sort()
    .map((path) => join(place, path))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true);
}

/** Git's own; and `..2026_01_01`, where a mounted ConfigMap keeps what the links beside it lead to: everything in it would count twice. */
function isNoPolicyFolder(name: string): boolean {
  return name === '.git' || name.startsWith('..');
}

function readLimited(path: string, shown: string): Uint8Array | Problem {
  try {
    const { size } = statSync(path);
    if (size <= defaultLimits.manifestBytes) return readFileSync(path);
    const message = `${size} bytes, more than the limit of ${defaultLimits.manifestBytes}; not read`;
    return { kind: 'limit', message, location: { path: shown }, hidesFindings: true };
  } catch (error) {
    const message = `not readable: ${reasonOf(error)}`;
    return { kind: 'unreadable', message, location: { path: shown }, hidesFindings: true };
  }
}
