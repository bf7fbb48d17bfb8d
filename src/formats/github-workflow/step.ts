// SPDX-License-Identifier: Apache-2.0
// Steps of jobs and of composite actions.
import type { DocumentPath } from '../document.ts';
import type { YamlEntry, YamlMapping, YamlNode } from '../yaml-tree.ts';
import { entryOf, memberOf } from '../yaml-tree.ts';
import type { ModelContext, TextMap, WorkflowText } from './text.ts';
import { defined, readText, readTextMap, wrongShape } from './text.ts';
import type { Uses } from './uses.ts';
import { parseUses } from './uses.ts';

export interface UsesText extends WorkflowText {
  readonly entry: YamlEntry;
  readonly uses: Uses;
}

interface StepBase {
  /** Number among the steps of its job, from 0; those of `parallel` groups counted one by one. */
  readonly index: number;
  /** From the list of steps: `[2]`, or `[2, 'parallel', 0]`. */
  readonly path: DocumentPath;
  readonly node: YamlMapping;
  readonly id?: WorkflowText;
  readonly name?: WorkflowText;
  readonly condition?: WorkflowText;
  readonly env?: TextMap;
  readonly continueOnError?: WorkflowText;
}

export interface RunStep extends StepBase {
  readonly kind: 'run';
  readonly run: WorkflowText & { readonly entry: YamlEntry };
  readonly shell?: WorkflowText;
  readonly workingDirectory?: WorkflowText;
}

export interface UsesStep extends StepBase {
  readonly kind: 'uses';
  readonly uses: UsesText;
  readonly inputs?: TextMap;
}

/** Neither runs nor uses anything. */
export interface OtherStep extends StepBase {
  readonly kind: 'other';
}

export type Step = RunStep | UsesStep | OtherStep;

export interface Defaults {
  readonly entry: YamlEntry;
  readonly shell?: WorkflowText;
  readonly workingDirectory?: WorkflowText;
}

/** The steps below `steps:`; more of them than the limit are a problem. */
export function readSteps(parent: YamlMapping, context: ModelContext): readonly Step[] {
  const list = memberOf(parent, 'steps');
  if (list === undefined) return [];
  const steps: Step[] = [];
  collect({ list, path: [] }, steps, context);
  return steps;
}

interface StepList {
  readonly list: YamlNode;
  readonly path: DocumentPath;
}

function collect({ list, path }: StepList, steps: Step[], context: ModelContext): void {
  if (list.kind !== 'sequence') {
    wrongShape(context, list, 'steps are not a list');
    return;
  }
  for (const [index, node] of list.items.entries()) {
    if (node.kind !== 'mapping') {
      wrongShape(context, node, 'a step that is not a map');
      continue;
    }
    const at = [...path, index];
    const group = memberOf(node, 'parallel');
    // Groups do not nest.
    if (group !== undefined && path.length === 0) collect({ list: group, path: [...at, 'parallel'] }, steps, context);
    else steps.push(readStep(node, { index: steps.length, path: at }));
  }
}

function readStep(node: YamlMapping, at: { readonly index: number; readonly path: DocumentPath }): Step {
  const base = {
    ...at,
    node,
    ...defined({
      id: readText(node, 'id'),
      name: readText(node, 'name'),
      condition: readText(node, 'if'),
      env: readTextMap(node, 'env'),
      continueOnError: readText(node, 'continue-on-error'),
    }),
  };
  const run = entryOf(node, 'run');
  const uses = readUses(node);
  if (uses !== undefined) return { ...base, kind: 'uses', uses, ...defined({ inputs: readTextMap(node, 'with') }) };
  if (run === undefined || run.value.kind !== 'scalar') return { ...base, kind: 'other' };
  return {
    ...base,
    kind: 'run',
    run: { text: run.value.text, node: run.value, entry: run },
    ...defined({ shell: readText(node, 'shell'), workingDirectory: readText(node, 'working-directory') }),
  };
}

export function readUses(node: YamlMapping): UsesText | undefined {
  const entry = entryOf(node, 'uses');
  if (entry === undefined || entry.value.kind !== 'scalar') return undefined;
  return { text: entry.value.text, node: entry.value, entry, uses: parseUses(entry.value.text.trim()) };
}

/** `defaults.run` of a workflow or a job. */
export function readDefaults(node: YamlMapping): Defaults | undefined {
  const entry = entryOf(node, 'defaults');
  if (entry === undefined) return undefined;
  const run = memberOf(entry.value, 'run');
  return {
    entry,
    ...defined({ shell: readText(run, 'shell'), workingDirectory: readText(run, 'working-directory') }),
  };
}
