// SPDX-License-Identifier: Apache-2.0
// An action.yml as its users see it (inputs, outputs), and what is wrong with it.
import type { YamlEntry, YamlNode, YamlTree } from '../../../formats/yaml-tree.ts';
import { entriesIn, memberOf, parseYamlTree, scalarIn } from '../../../formats/yaml-tree.ts';
import { actionRunFaults } from './action-runs.ts';
import { brandingColors, brandingIcons } from './tables/branding.ts';

export interface ActionInput {
  readonly name: string;
  /** Must be given: required and without a default. */
  readonly isRequired: boolean;
  /** What to use instead, where the input is deprecated; may be empty. */
  readonly deprecated?: string;
}

export interface ActionMetadata {
  readonly name: string;
  /** Keys in lower case. Undefined: could not be read, so that nothing can be said of what is handed over. */
  readonly inputs: ReadonlyMap<string, ActionInput> | undefined;
  /** Names in lower case; undefined: any. */
  readonly outputs: readonly string[] | undefined;
  /** Actions in containers take `entrypoint` and `args` besides. */
  readonly isDocker: boolean;
  readonly faults: readonly string[];
}

export interface ActionFile {
  readonly path: string;
  readonly text: string;
  /** Folder of the action, for messages. */
  readonly folder: string;
  /** Whether a file is there, by its path beside the action; undefined when that cannot be known. */
  readonly hasFile: ((path: string) => boolean) | undefined;
}

export function readActionMetadata(file: ActionFile): ActionMetadata {
  const tree = parseYamlTree(file.text, file.path);
  const folder = JSON.stringify(file.folder);
  const parseFaults: string[] = [];
  for (const problem of tree.problems)
    if (problem.kind !== 'schema') parseFaults.push(`line ${problem.location.line ?? 1}: ${problem.message}`);
  const inputs = readInputs(tree, parseFaults);
  const outputs = readOutputs(tree, parseFaults);
  if (parseFaults.length > 0 || tree.root === undefined) {
    const reason = parseFaults.length === 0 ? 'the file is empty' : parseFaults.join(', ');
    const fault = `could not parse action metadata in ${folder}: ${reason}`;
    return { name: '', inputs: undefined, outputs: undefined, isDocker: false, faults: [fault] };
  }
  const name = scalarIn(memberOf(tree.root, 'name'))?.text ?? '';
  const using = scalarIn(memberOf(memberOf(tree.root, 'runs'), 'using'))?.text ?? '';
  const faults = [
    ...generalFaults(tree, file, name),
    ...deprecationFaults(inputs, name, file.path),
    ...actionRunFaults(tree.root, name, file),
  ];
  return { name, inputs, outputs, isDocker: using === 'docker', faults };
}

function generalFaults(tree: YamlTree, file: ActionFile, name: string): readonly string[] {
  const faults: string[] = [];
  const path = JSON.stringify(file.path);
  if (name === '') faults.push(`name is required in action metadata ${path}`);
  const where = `in metadata of ${JSON.stringify(name)} action at ${path}`;
  if ((scalarIn(memberOf(tree.root, 'description'))?.text ?? '') === '')
    faults.push(`description is required ${where}`);
  const branding = memberOf(tree.root, 'branding');
  const color = scalarIn(memberOf(branding, 'color'))?.text;
  const icon = scalarIn(memberOf(branding, 'icon'))?.text;
  if (icon !== undefined && !brandingIcons.has(icon.toLowerCase()))
    faults.push(
      `incorrect icon name ${JSON.stringify(icon)} at branding.icon ${where}. see the official document to know the exhaustive list of supported icons: https://docs.github.com/en/actions/creating-actions/metadata-syntax-for-github-actions#brandingicon`,
    );
  if (color !== undefined && !brandingColors.has(color.toLowerCase()))
    faults.push(
      `incorrect color ${JSON.stringify(color)} at branding.icon ${where}. see the official document to know the exhaustive list of supported colors: https://docs.github.com/en/actions/creating-actions/metadata-syntax-for-github-actions#brandingcolor`,
    );
  return faults;
}

function deprecationFaults(inputs: ReadonlyMap<string, ActionInput>, name: string, path: string): readonly string[] {
  return [...inputs.values()]
    .filter(({ deprecated }) => deprecated === '')
    .map(
      (input) =>
        `input ${JSON.stringify(input.name)} is deprecated but "deprecationMessage" is empty in metadata of ${JSON.stringify(name)} action at ${JSON.stringify(path)}`,
    );
}

function readInputs(tree: YamlTree, faults: string[]): ReadonlyMap<string, ActionInput> {
  const inputs = new Map<string, ActionInput>();
  for (const entry of membersOf(tree, 'inputs', faults)) {
    const required = memberOf(entry.value, 'required');
    const preset = memberOf(entry.value, 'default');
    const hasDefault = preset !== undefined && !(preset.kind === 'scalar' && preset.value === null);
    const deprecation = memberOf(entry.value, 'deprecationMessage');
    for (const { key, keySpan, value } of entriesIn(entry.value)) {
      const line = tree.lines.lineAt(keySpan.start);
      if (!['description', 'required', 'default', 'deprecationMessage', 'type'].includes(key))
        faults.push(
          `line ${line}: unexpected key ${JSON.stringify(key)} for definition of input ${JSON.stringify(entry.key)}`,
        );
      else if (value.kind !== 'scalar')
        faults.push(
          `line ${tree.lines.lineAt(value.place.start)}: a scalar is expected at ${JSON.stringify(key)} of input ${JSON.stringify(entry.key)}`,
        );
    }
    inputs.set(entry.key.toLowerCase(), {
      name: entry.key,
      isRequired: isTrue(required) && !hasDefault,
      // A required input can not be left out, so saying that it is deprecated helps nobody.
      ...(deprecation === undefined || (isTrue(required) && !hasDefault)
        ? {}
        : { deprecated: oneLine(scalarIn(deprecation)?.text ?? '') }),
    });
  }
  return inputs;
}

/** Actions are read as YAML 1.1, where `yes` and `on` are true. */
function isTrue(node: YamlNode | undefined): boolean {
  return /^(?:true|yes|on|y)$/i.test(scalarIn(node)?.text ?? '');
}

function oneLine(text: string): string {
  return text
    .slice(0, 2_000)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ')
    .replace(/\.$/, '');
}

function readOutputs(tree: YamlTree, faults: string[]): readonly string[] {
  return membersOf(tree, 'outputs', faults).map(({ key }) => key.toLowerCase());
}

/** Members of a section whose names are told apart without case. */
function membersOf(tree: YamlTree, section: 'inputs' | 'outputs', faults: string[]): readonly YamlEntry[] {
  const node = memberOf(tree.root, section);
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  const { line, column } = tree.lines.locate('', node.place.start);
  if (node.kind !== 'mapping') {
    faults.push(
      `line ${line}: yaml: ${section} must be mapping node but ${node.kind} node was found at line:${line}, col:${column}`,
    );
    return [];
  }
  const seen = new Set<string>();
  for (const { key, keySpan } of node.entries) {
    if (seen.has(key.toLowerCase()))
      faults.push(
        `line ${tree.lines.lineAt(keySpan.start)}: ${section.slice(0, -1)} ${JSON.stringify(key)} is duplicated`,
      );
    seen.add(key.toLowerCase());
  }
  return node.entries;
}
