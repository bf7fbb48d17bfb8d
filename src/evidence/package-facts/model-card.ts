// SPDX-License-Identifier: Apache-2.0
// What lies beside the weights of a model and names it: the front matter of its README.md (model card) and of its licence, its config.json.
// https://huggingface.co/docs/hub/model-cards
import { asObject, asString, asStrings } from '../../formats/document.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';

export interface ModelCard {
  readonly license: string | undefined;
  /** Models it was made from: `org/name`. */
  readonly baseModels: readonly string[];
}

const mostFrontMatter = 65_536;

/** The YAML between two lines `---` at the start; undefined when there is none or it is not closed. */
function frontMatter(text: string): Readonly<Record<string, unknown>> | undefined {
  const lines = text
    .slice(0, mostFrontMatter)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  if (lines[0]?.trimEnd() !== '---') return undefined;
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  if (end === -1) return undefined;
  return asObject(parseYamlDocument(lines.slice(1, end).join('\n'), '', { resolver: 'strings' }).value);
}

/** Reads the head of a model card; undefined for a text that has none. */
export function readModelCard(text: string): ModelCard | undefined {
  const fields = frontMatter(text);
  if (fields === undefined) return undefined;
  const base = asString(fields['base_model']);
  return {
    license: asString(fields['license']),
    baseModels: base === undefined ? asStrings(fields['base_model']) : [base],
  };
}

/** The id in the head of a licence text (`spdx-id: MIT`); undefined without one. */
export function licenseIdOfText(text: string): string | undefined {
  return asString(frontMatter(text)?.['spdx-id']);
}

/** Name of a model: the last part of what its configuration calls it, else the last part of its folder; empty when neither names it. */
export function modelName(nameOrPath: string, folder: string): string {
  return lastSegment(nameOrPath) || lastSegment(folder);
}

/** `models/tiny-llama/` -> `tiny-llama`; empty for the root. */
export function lastSegment(path: string): string {
  const plain = path.replace(/\/+$/, '');
  const name = plain.slice(plain.lastIndexOf('/') + 1);
  return name === '.' ? '' : name;
}
