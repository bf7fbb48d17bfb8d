// SPDX-License-Identifier: Apache-2.0
// One job: either steps on a runner, or the call of a reusable workflow.
import type { YamlNode } from '../../../../formats/yaml-tree.ts';
import type { DeploymentEnvironment, Job, Members, Runner, Text } from '../workflow.ts';
import { readConcurrency, readDefaults, readEnvironment, readPermissions } from './read-common.ts';
import { readContainer, readServices, readSnapshot } from './read-container.ts';
import { readSteps } from './read-step.ts';
import { readStrategy } from './read-strategy.ts';
import type { Entry, SectionReader } from './section-reader.ts';

const stepsOnlyKeys = new Set([
  'runs-on',
  'environment',
  'outputs',
  'env',
  'defaults',
  'steps',
  'timeout-minutes',
  'continue-on-error',
  'container',
  'services',
  'snapshot',
]);
const callOnlyKeys = new Set(['with', 'secrets']);
const jobKeys = [
  ...stepsOnlyKeys,
  ...callOnlyKeys,
  'uses',
  'name',
  'needs',
  'permissions',
  'concurrency',
  'if',
  'strategy',
];

type OpenJob = { -readonly [K in keyof Job]: Job[K] };

interface OpenCall {
  uses?: Text;
  inputs: Members<Text>;
  secrets: Members<Text>;
  inheritsSecrets: boolean;
}

export function readJob(reader: SectionReader, id: Text, node: YamlNode): Job {
  const job: OpenJob = { id, needs: [], outputs: new Map(), steps: [] };
  const call: OpenCall = { inputs: new Map(), secrets: new Map(), inheritsSecrets: false };
  const entries = reader.mapping(`${JSON.stringify(id.value)} job`, node, { empty: 'refused', keys: 'exact' }) ?? [];
  for (const entry of entries) {
    if (entry.id === 'uses' || callOnlyKeys.has(entry.id)) readCallKey(reader, call, entry);
    else if (!readJobKey(reader, job, entry)) reader.unexpectedKey(entry.key, '"job" section', jobKeys);
  }
  const stepsOnly = entries.findLast((entry) => stepsOnlyKeys.has(entry.id))?.key;
  if (call.uses !== undefined) {
    if (stepsOnly === undefined) return { ...job, call: { ...call, uses: call.uses } };
    reader.fault(
      stepsOnly.offset,
      `when a reusable workflow is called with "uses", ${JSON.stringify(stepsOnly.value)} is not available. only following keys are allowed: "name", "uses", "with", "secrets", "needs", "if", and "permissions" in job ${JSON.stringify(id.value)}`,
    );
    return job;
  }
  reportMissing(reader, id, entries);
  return job;
}

function reportMissing(reader: SectionReader, id: Text, entries: readonly Entry[]): void {
  const name = JSON.stringify(id.value);
  const callOnly = entries.findLast((entry) => callOnlyKeys.has(entry.id))?.key;
  if (callOnly !== undefined)
    reader.fault(
      callOnly.offset,
      `${JSON.stringify(callOnly.value)} is only available for a reusable workflow call with "uses" but "uses" is not found in job ${name}`,
    );
  // Steps that are none are missing as well.
  const steps = entries.find((entry) => entry.id === 'steps')?.value;
  if (steps?.kind !== 'sequence' || steps.items.length === 0)
    reader.fault(id.offset, `"steps" section is missing in job ${name}`);
  if (!entries.some((entry) => entry.id === 'runs-on'))
    reader.fault(id.offset, `"runs-on" section is missing in job ${name}`);
}

function readCallKey(reader: SectionReader, call: OpenCall, { id, value }: Entry): void {
  if (id === 'uses') call.uses = reader.text(value, 'refused');
  else if (id === 'with')
    call.inputs = reader.texts('with', value, { empty: 'refused', keys: 'any-case', text: 'allowed' });
  else if (value.kind !== 'scalar')
    call.secrets = reader.texts('secrets', value, { empty: 'refused', keys: 'any-case', text: 'allowed' });
  else if (value.text === 'inherit') call.inheritsSecrets = true;
  else
    reader.fault(
      reader.offsetOf(value),
      `expected mapping node for secrets or "inherit" string node but found ${JSON.stringify(value.text)} node`,
    );
}

/** False when the key is none of a job. */
function readJobKey(reader: SectionReader, job: OpenJob, { id, key, value }: Entry): boolean {
  switch (id) {
    case 'name':
      job.name = reader.text(value, 'allowed');
      return true;
    case 'needs':
      job.needs =
        value.kind === 'scalar'
          ? [reader.text(value, 'refused')]
          : reader.textSequence('needs', value, { list: 'refused', item: 'refused' });
      return true;
    case 'runs-on':
      job.runsOn = readRunner(reader, value);
      return true;
    case 'permissions':
      job.permissions = readPermissions(reader, value);
      return true;
    case 'environment':
      job.deployment = readDeployment(reader, key, value);
      return true;
    case 'concurrency':
      job.concurrency = readConcurrency(reader, key, value);
      return true;
    case 'outputs':
      job.outputs = reader.texts('outputs', value, { empty: 'refused', keys: 'any-case', text: 'allowed' });
      return true;
    case 'env':
      job.environment = readEnvironment(reader, value);
      return true;
    case 'defaults':
      job.defaults = readDefaults(reader, value);
      return true;
    case 'if':
      job.condition = reader.text(value, 'refused');
      return true;
    case 'steps':
      job.steps = (reader.sequence('steps', value, 'refused') ?? []).flatMap((step) => readSteps(reader, step));
      return true;
    case 'strategy':
      job.strategy = readStrategy(reader, value);
      return true;
    case 'container':
      job.container = readContainer(reader, { name: 'container', key }, value);
      return true;
    case 'services':
      job.services = readServices(reader, value);
      return true;
    case 'snapshot':
      job.snapshot = readSnapshot(reader, key, value);
      return true;
    case 'timeout-minutes': {
      const timeout = reader.positive(id, value, 'float');
      if (timeout !== undefined) job.timeoutMinutes = timeout;
      return true;
    }
    case 'continue-on-error': {
      const continueOnError = reader.boolean(value);
      if (continueOnError !== undefined) job.continueOnError = continueOnError;
      return true;
    }
    default:
      return false;
  }
}

function readRunner(reader: SectionReader, node: YamlNode): Runner {
  const labelsExpression = reader.maybeExpression(node);
  if (labelsExpression !== undefined) return { labels: [], labelsExpression };
  if (node.kind !== 'mapping') return { labels: reader.textOrSequence('runs-on', node) };
  const runner: { -readonly [K in keyof Runner]: Runner[K] } = { labels: [] };
  for (const { key, id, value } of reader.section('runs-on', node, { empty: 'refused', keys: 'exact' }) ?? []) {
    const expression = id === 'labels' ? reader.maybeExpression(value) : undefined;
    if (expression !== undefined) runner.labelsExpression = expression;
    else if (id === 'labels') runner.labels = reader.textOrSequence('labels', value);
    else if (id === 'group') runner.group = reader.text(value, 'refused');
    else reader.unexpectedKey(key, '"runs-on" section', ['group', 'labels']);
  }
  return runner;
}

function readDeployment(reader: SectionReader, key: Text, node: YamlNode): DeploymentEnvironment {
  if (node.kind === 'scalar') return { name: reader.text(node, 'refused') };
  const found: { -readonly [K in keyof DeploymentEnvironment]: DeploymentEnvironment[K] } = {};
  for (const entry of reader.section('environment', node, { empty: 'refused', keys: 'exact' }) ?? []) {
    if (entry.id === 'name') found.name = reader.text(entry.value, 'refused');
    else if (entry.id === 'url') found.url = reader.text(entry.value, 'refused');
    else if (entry.id === 'deployment') {
      const deployment = reader.boolean(entry.value);
      if (deployment !== undefined) found.deployment = deployment;
    } else reader.unexpectedKey(entry.key, '"environment" section', ['deployment', 'name', 'url']);
  }
  if (found.name === undefined) reader.fault(key.offset, 'name is missing in "environment" section');
  return found;
}
