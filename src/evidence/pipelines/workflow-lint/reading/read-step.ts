// SPDX-License-Identifier: Apache-2.0
// The steps of a job: each runs a script or an action, or controls those that run in the background, and has keys of its own kind only.
import type { YamlNode } from '../../../../formats/yaml-tree.ts';
import type { ActionStep, RunStep, Step, Text } from '../workflow.ts';
import { readEnvironment } from './read-common.ts';
import type { Entry, SectionReader } from './section-reader.ts';

const commonKeys = ['continue-on-error', 'env', 'id', 'if', 'name', 'timeout-minutes'];
const runKeys = ['run', 'shell', 'working-directory'];
const actionKeys = ['uses', 'with'];
/** What a step does besides running something: it controls steps that run in the background. */
const controlKeys = ['cancel', 'parallel', 'wait', 'wait-all'];
const decisiveKeys = ['run', 'uses', ...controlKeys];

/** Steps of a `parallel` group follow the group; a group in a group there is not. */
export function readSteps(reader: SectionReader, node: YamlNode, depth = 0): readonly Step[] {
  const entries = reader.mapping('element of "steps" section', node, { empty: 'refused', keys: 'exact' });
  const step: { -readonly [K in keyof Step]: Step[K] } = { offset: reader.offsetOf(node) };
  // What a step does is decided by the first of these keys; keys of another kind are then out of place.
  const decisive = entries?.find(({ id }) => decisiveKeys.includes(id) && !(id === 'parallel' && depth > 0))?.id;
  for (const entry of entries ?? []) {
    if (commonKeys.includes(entry.id)) readCommon(reader, step, entry);
    else if (entry.id === 'background' && (decisive === 'run' || decisive === 'uses')) reader.boolean(entry.value);
    else if (isMisplaced(entry.id, decisive)) reportMisplaced(reader, entry.key, decisive);
  }
  const own = (entries ?? []).filter(({ id }) => !commonKeys.includes(id));
  if (decisive === 'run') step.execution = readRun(reader, own);
  else if (decisive === 'uses') step.execution = readAction(reader, own);
  else if (decisive !== undefined) return [step, ...readControl(reader, own, decisive)];
  else reader.fault(reader.offsetOf(node), 'step must run script with "run" section or run action with "uses" section');
  return [step];
}

function isMisplaced(id: string, decisive: string | undefined): boolean {
  if (decisive === 'run') return !runKeys.includes(id);
  if (decisive === 'uses') return !actionKeys.includes(id);
  if (decisive !== undefined) return id !== decisive;
  return !runKeys.includes(id) && !actionKeys.includes(id);
}

function reportMisplaced(reader: SectionReader, key: Text, decisive: string | undefined): void {
  if (decisive === 'run') reader.unexpectedKey(key, 'step to run shell command', [...commonKeys, ...runKeys]);
  else if (decisive === 'uses') reader.unexpectedKey(key, 'step to execute action', [...commonKeys, ...actionKeys]);
  else if (decisive !== undefined)
    reader.unexpectedKey(key, `step with ${JSON.stringify(decisive)}`, [...commonKeys, decisive]);
  else reader.unexpectedKey(key, 'step', [...commonKeys, ...runKeys, ...actionKeys]);
}

function readControl(reader: SectionReader, own: readonly Entry[], decisive: string): readonly Step[] {
  const value = own.find(({ id }) => id === decisive)?.value;
  if (value === undefined || decisive === 'wait-all') return [];
  if (decisive === 'parallel')
    return (reader.sequence('parallel', value, 'refused') ?? []).flatMap((step) => readSteps(reader, step, 1));
  if (decisive === 'wait') reader.textOrSequence('wait', value);
  else reader.text(value, 'refused');
  return [];
}

function readCommon(reader: SectionReader, step: { -readonly [K in keyof Step]: Step[K] }, { id, value }: Entry): void {
  if (id === 'id') step.id = reader.text(value, 'refused');
  else if (id === 'if') step.condition = reader.text(value, 'refused');
  else if (id === 'name') step.name = reader.text(value, 'refused');
  else if (id === 'env') step.environment = readEnvironment(reader, value);
  else if (id === 'continue-on-error') {
    const continueOnError = reader.boolean(value);
    if (continueOnError !== undefined) step.continueOnError = continueOnError;
  } else {
    const timeoutMinutes = reader.positive(id, value, 'float');
    if (timeoutMinutes !== undefined) step.timeoutMinutes = timeoutMinutes;
  }
}

function readRun(reader: SectionReader, entries: readonly Entry[]): RunStep {
  const run: { -readonly [K in keyof RunStep]: RunStep[K] } = { kind: 'run' };
  for (const { id, value } of entries) {
    if (id === 'run') run.run = reader.text(value, 'refused');
    else if (id === 'shell') run.shell = reader.text(value, 'refused');
    else if (id === 'working-directory') run.workingDirectory = reader.text(value, 'refused');
  }
  return run;
}

function readAction(reader: SectionReader, entries: readonly Entry[]): ActionStep {
  const action: { -readonly [K in keyof ActionStep]: ActionStep[K] } = { kind: 'action', inputs: new Map() };
  for (const { id, value } of entries) {
    if (id === 'uses') action.uses = reader.text(value, 'refused');
    else if (id === 'with')
      action.inputs = reader.texts('with', value, { empty: 'refused', keys: 'any-case', text: 'allowed' });
  }
  return action;
}
