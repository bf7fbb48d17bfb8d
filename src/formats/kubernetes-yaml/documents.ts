// SPDX-License-Identifier: Apache-2.0
// Kubernetes manifests: YAML streams and JSON, read as kubectl and the API server read them, with line and column for every key and value.
// A stream with one broken document still gives the others, because Kubernetes cuts the stream at `---` before it parses
// (apimachinery pkg/util/yaml, YAMLReader). Not here: what the objects mean (resources.ts).

import type { Event } from 'js-yaml';
import { parseEvents, YAMLException } from 'js-yaml';
import { messageOf } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { Document, DocumentPath } from '../document.ts';
import { parseJson } from '../json.ts';
import { LineIndex } from '../text.ts';
import type { BuiltDocument } from './build.ts';
import { DocumentBuilder } from './build.ts';
import { splitStream } from './split-stream.ts';

export interface KubernetesDocument extends Document {
  /** Which document of the file, counted from 0. */
  readonly index: number;
  /** Place of the value at `path` without its key; the nearest known parent's when it is absent. */
  locateValue(path: DocumentPath): Location;
}

export interface KubernetesYamlOptions {
  readonly limits?: Pick<Limits, 'depth' | 'yamlAliases' | 'yamlNodes'>;
}

/**
 * Reads a manifest file. Documents without content (only comments) are left out; a file without any gives none. Never throws. Duplicate keys are
 * problems that hide nothing: the last one counts, as for a lenient reader, and a strict one (kubectl apply) refuses the object.
 */
export function parseKubernetesYaml(
  text: string,
  path: string,
  options: KubernetesYamlOptions = {},
): KubernetesDocument[] {
  const limits = options.limits ?? defaultLimits;
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const json = /^\s*[{[]/.test(source) ? readJson(source, path, limits) : undefined;
  if (json !== undefined) return [json];
  const lines = new LazyLines(source, path);
  const whole = eventsOf(source, limits);
  if (whole.kind === 'events') return readEvents(source, { events: whole.events, shift: 0, first: 0 }, lines, limits);
  const documents: KubernetesDocument[] = [];
  for (const [first, part] of splitStream(source).entries()) {
    const read = eventsOf(part.text, limits);
    if (read.kind === 'events')
      documents.push(...readEvents(part.text, { events: read.events, shift: part.offset, first }, lines, limits));
    else documents.push(brokenDocument(read.fault, { shift: part.offset, first }, lines));
  }
  return documents;
}

/** JSON is read by the native parser. What is no JSON (a flow mapping, several objects) is left to YAML. */
function readJson(source: string, path: string, limits: Pick<Limits, 'depth'>): KubernetesDocument | undefined {
  const document = parseJson(source, path, { depth: limits.depth });
  if (document.value === undefined && document.problems.every(({ kind }) => kind === 'syntax')) return undefined;
  const problems = document.problems.map((problem) =>
    problem.kind === 'schema' ? { ...problem, hidesFindings: false } : problem,
  );
  const locate = (at: DocumentPath): Location => document.locate(at);
  return { index: 0, value: document.value, problems, locate, locateValue: locate };
}

interface SyntaxFault {
  readonly kind: Problem['kind'];
  readonly message: string;
  readonly offset: number | undefined;
}

type ReadEvents =
  | { readonly kind: 'events'; readonly events: readonly Event[] }
  | { readonly kind: 'broken'; readonly fault: SyntaxFault };

function eventsOf(text: string, limits: Pick<Limits, 'depth'>): ReadEvents {
  if (text.trim() === '') return { kind: 'events', events: [] };
  try {
    return { kind: 'events', events: parseEvents(text, { maxDepth: limits.depth }) };
  } catch (error) {
    const isSyntax = error instanceof YAMLException;
    const message = isSyntax ? error.reason : messageOf(error);
    const kind = /depth|nest/i.test(message) ? 'limit' : 'syntax';
    return { kind: 'broken', fault: { kind, message, offset: isSyntax ? error.mark?.position : undefined } };
  }
}

interface Part {
  readonly events: readonly Event[];
  /** Where this part begins in the file. */
  readonly shift: number;
  readonly first: number;
}

function readEvents(
  text: string,
  part: Part,
  lines: LazyLines,
  limits: Pick<Limits, 'yamlAliases' | 'yamlNodes'>,
): KubernetesDocument[] {
  const builder = new DocumentBuilder(text, part.events, { aliases: limits.yamlAliases, nodes: limits.yamlNodes });
  const documents: KubernetesDocument[] = [];
  for (let built = builder.next(), index = part.first; built !== undefined; built = builder.next(), index += 1) {
    if (built.value === null && built.faults.length === 0) continue;
    documents.push(documentOf(built, { index, shift: part.shift }, lines));
  }
  return documents;
}

function documentOf(
  { value, table, faults }: BuiltDocument,
  { index, shift }: { readonly index: number; readonly shift: number },
  lines: LazyLines,
): KubernetesDocument {
  const problems = faults.map(
    ({ kind, message, offset }): Problem => ({
      kind,
      message,
      location: lines.at(offset + shift),
      hidesFindings: !message.includes('already set in map'),
    }),
  );
  return {
    index,
    value,
    problems,
    locate: (path) => {
      const place = table.find(path);
      return place === undefined ? lines.file() : lines.span((place.key ?? place.start) + shift, place.end + shift);
    },
    locateValue: (path) => {
      const place = table.find(path);
      return place === undefined ? lines.file() : lines.span(place.start + shift, place.end + shift);
    },
  };
}

function brokenDocument(
  fault: SyntaxFault,
  { shift, first }: { readonly shift: number; readonly first: number },
  lines: LazyLines,
): KubernetesDocument {
  const location = lines.at((fault.offset ?? 0) + shift);
  const problem: Problem = {
    kind: fault.kind,
    message: `not valid YAML: ${fault.message}`,
    location,
    hidesFindings: true,
  };
  return { index: first, value: undefined, problems: [problem], locate: () => location, locateValue: () => location };
}

/** Lines are counted when the first position is asked for, once a file. */
class LazyLines {
  readonly #text: string;
  readonly #path: string;
  #index: LineIndex | undefined;

  constructor(text: string, path: string) {
    this.#text = text;
    this.#path = path;
  }

  file(): Location {
    return { path: this.#path };
  }

  at(offset: number): Location {
    this.#index ??= new LineIndex(this.#text);
    return this.#index.locate(this.#path, Math.min(offset, this.#text.length));
  }

  span(start: number, end: number): Location {
    const from = this.at(start);
    const endLine = this.#index?.lineAt(Math.max(start, end - 1));
    return endLine === undefined ? from : { ...from, endLine };
  }
}
