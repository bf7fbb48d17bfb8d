// SPDX-License-Identifier: Apache-2.0
// One step of a job: it runs a script or an action, and has keys of its own kind only.
import type { YamlNode } from '../../../../formats/yaml-tree.ts';
import type { ActionStep, RunStep, Step, Text } from '../workflow.ts';
import { readEnvironment } from './read-common.ts';
import type { Entry, SectionReader } from './section-reader.ts';

const commonKeys = ['continue-on-error', 'env', 'id', 'if', 'name', 'timeout-minutes'];
const runKeys = ['run', 'shell', 'working-directory'];
const actionKeys = ['uses', 'with'];

export function readStep(reader: SectionReader, node: YamlNode): Step {
  const entries = reader.mapping('element of "steps" section', node, { empty: 'refused', keys: 'exact' });
  const step: { -readonly [K in keyof Step]: Step[K] } = { offset: reader.offsetOf(node) };
  // What a step does is decided by the first of `run` and `uses`; keys of the other kind are then out of place.
  const decisive = entries?.find(({ id }) => id === 'run' || id === 'uses')?.id;
  for (const entry of entries ?? []) {
    if (commonKeys.includes(entry.id)) readCommon(reader, step, entry);
    else if (isMisplaced(entry.id, decisive)) reportMisplaced(reader, entry.key, decisive);
  }
  const own = (entries ?? []).filter(({ id }) => !commonKeys.includes(id));
  if (decisive === 'run') step.execution = readRun(reader, own);
  else if (decisive === 'uses') step.execution = readAction(reader, own);
  else reader.fault(reader.offsetOf(node), 'step must run script with "run" section or run action with "uses" section');
  return step;
}

function isMisplaced(id: string, decisive: string | undefined): boolean {
  if (decisive === 'run') return !runKeys.includes(id);
  if (decisive === 'uses') return !actionKeys.includes(id);
  return !runKeys.includes(id) && !actionKeys.includes(id);
}

function reportMisplaced(reader: SectionReader, key: Text, decisive: string | undefined): void {
  if (decisive === 'run') reader.unexpectedKey(key, 'step to run shell command', [...commonKeys, ...runKeys]);
  else if (decisive === 'uses') reader.unexpectedKey(key, 'step to execute action', [...commonKeys, ...actionKeys]);
  else reader.unexpectedKey(key, 'step', [...commonKeys, ...runKeys, ...actionKeys]);
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
