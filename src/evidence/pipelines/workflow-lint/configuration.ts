// SPDX-License-Identifier: Apache-2.0
// actionlint's configuration (`actionlint.yaml`): labels of self-hosted runners, the configuration variables there are, and what to ignore where.
import { RE2JS } from 're2js';
import { asArray, asObject, asString, entriesOf } from '../../../formats/document.ts';
import { compileForeignGlob } from '../../../formats/foreign-glob.ts';
import { parseYamlDocument } from '../../../formats/yaml.ts';
import { messageOf } from '../../../model/error.ts';
import type { Problem } from '../../../model/problem.ts';

export interface Configuration {
  /** Tests on labels in lower case. */
  readonly runnerLabels: readonly ((label: string) => boolean)[];
  /** As written, for messages. */
  readonly runnerLabelNames: readonly string[];
  /** In lower case; undefined: any. */
  readonly variables: ReadonlySet<string> | undefined;
  /** Whether what a rule says of a file is to be left out. */
  ignores(path: string, message: string): boolean;
}

export const noConfiguration: Configuration = {
  runnerLabels: [],
  runnerLabelNames: [],
  variables: undefined,
  ignores: () => false,
};

/** Where actionlint looks for its configuration; at the root too, where its `-config-file` often points. */
export const configurationPaths: readonly string[] = [
  '.github/actionlint.yaml',
  '.github/actionlint.yml',
  'actionlint.yaml',
  'actionlint.yml',
];

const longestPattern = 1_000;

/** Reads the configuration; what is wrong in it is a problem, the rest counts. */
export function readConfiguration(file: { readonly path: string; readonly text: string }): {
  readonly configuration: Configuration;
  readonly problems: readonly Problem[];
} {
  const document = parseYamlDocument(file.text, file.path);
  const problems: Problem[] = [...document.problems];
  const root = asObject(document.value);
  const names = asArray(asObject(root?.['self-hosted-runner'])?.['labels']).flatMap((label) => asString(label) ?? []);
  const variables = root?.['config-variables'];
  const ignores = entriesOf(root?.['paths']).map(([glob, settings]) => ({
    isFor: compileForeignGlob(glob),
    patterns: asArray(asObject(settings)?.['ignore']).flatMap((pattern) =>
      compilePattern(pattern, file.path, problems),
    ),
  }));
  const configuration: Configuration = {
    runnerLabels: names.map(labelTest),
    runnerLabelNames: names,
    variables: Array.isArray(variables)
      ? new Set(variables.flatMap((name: unknown) => asString(name)?.toLowerCase() ?? []))
      : undefined,
    ignores: (path, message) =>
      ignores.some(({ isFor, patterns }) => isFor(path) && patterns.some((pattern) => pattern.matcher(message).find())),
  };
  return { configuration, problems };
}

function compilePattern(pattern: unknown, path: string, problems: Problem[]): readonly RE2JS[] {
  const text = asString(pattern);
  try {
    if (text !== undefined && text.length <= longestPattern) return [RE2JS.compile(text)];
    problems.push(invalidPattern(path, 'not a text, or too long'));
  } catch (error) {
    problems.push(invalidPattern(path, messageOf(error)));
  }
  return [];
}

function invalidPattern(path: string, reason: string): Problem {
  const message = `a pattern of "ignore" cannot be used: ${reason}`;
  return { kind: 'schema', message, location: { path }, hidesFindings: false };
}

/** Labels may be globs: `linux-*`. They have no folders, so a slash is no border. */
function labelTest(label: string): (name: string) => boolean {
  const matches = compileForeignGlob(label.toLowerCase().replaceAll('/', '\u0000'));
  return (name) => matches(name.toLowerCase().replaceAll('/', '\u0000'));
}
