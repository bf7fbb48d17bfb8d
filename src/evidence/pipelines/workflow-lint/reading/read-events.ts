// SPDX-License-Identifier: Apache-2.0
// The `on` section: which events start a workflow, and how each is configured.
import type { YamlNode } from '../../../../formats/yaml-tree.ts';
import { quotedList } from '../fault.ts';
import type {
  Assigned,
  CallEvent,
  CallInput,
  CallSecret,
  DispatchEvent,
  DispatchInput,
  DispatchInputType,
  EventFilter,
  FilterName,
  ImageVersionEvent,
  Members,
  RepositoryDispatchEvent,
  ScheduleEvent,
  Text,
  WebhookEvent,
  WorkflowEvent,
} from '../workflow.ts';
import { readMembers } from './read-common.ts';
import type { Entry, SectionReader } from './section-reader.ts';

const filterNames: readonly string[] = ['branches', 'branches-ignore', 'paths', 'paths-ignore', 'tags', 'tags-ignore'];
const dispatchTypes: readonly string[] = ['string', 'number', 'boolean', 'choice', 'environment'];

/** Undefined when the section is of no kind that names events. `key` is the `on` itself. */
export function readEvents(reader: SectionReader, key: Text, node: YamlNode): readonly WorkflowEvent[] | undefined {
  if (reader.isBrokenAlias(node)) {
    reader.fault(
      reader.offsetOf(node),
      '"on" section value is expected to be string, mapping or sequence but found alias node',
    );
    return undefined;
  }
  if (node.kind === 'mapping')
    return (reader.section('on', node, { empty: 'refused', keys: 'exact' }) ?? []).map((entry) =>
      readEvent(reader, entry),
    );
  if (node.kind === 'scalar') return eventOfName(reader, node, reader.offsetOf(node));
  if (node.items.length === 0) reader.notEmpty('on', node);
  return reader.itemsOf(node).flatMap((item) => eventOfName(reader, item, reader.offsetOf(node)));
}

function eventOfName(reader: SectionReader, node: YamlNode, offset: number): readonly WorkflowEvent[] {
  const hook = reader.text(node, 'refused');
  switch (hook.value) {
    case '':
      return [];
    case 'workflow_dispatch':
      return [{ kind: 'workflow_dispatch', offset: hook.offset, inputs: new Map() }];
    case 'repository_dispatch':
      return [{ kind: 'repository_dispatch' }];
    case 'schedule':
      reader.fault(offset, 'schedule event must be configured with mapping');
      return [{ kind: 'schedule', entries: [] }];
    case 'workflow_call':
      return [{ kind: 'workflow_call', inputs: new Map(), outputs: new Map() }];
    case 'image_version':
      return [{ kind: 'image_version' }];
    default:
      return [{ kind: 'webhook', hook, filters: [] }];
  }
}

function readEvent(reader: SectionReader, { key, id, value }: Entry): WorkflowEvent {
  switch (id) {
    case 'schedule':
      return readSchedule(reader, value);
    case 'workflow_dispatch':
      return readDispatch(reader, key, value);
    case 'repository_dispatch':
      return readRepositoryDispatch(reader, value);
    case 'workflow_call':
      return readCall(reader, value);
    case 'image_version':
      return readImageVersion(reader, value);
    default:
      return readWebhook(reader, key, value);
  }
}

function readSchedule(reader: SectionReader, node: YamlNode): ScheduleEvent {
  const entries = (reader.sequence('schedule', node, 'refused') ?? []).map((item) => {
    let cron: Text | undefined;
    let timezone: Text | undefined;
    const what = 'element of "schedule" section';
    const found = reader.mapping(what, item, { empty: 'refused', keys: 'exact' });
    for (const { key, id, value } of found ?? []) {
      if (id === 'cron') cron = reader.text(value, 'refused');
      else if (id === 'timezone') timezone = reader.text(value, 'refused');
      else reader.unexpectedKey(key, what, ['cron', 'timezone']);
    }
    if (found !== undefined && found.length > 0 && cron === undefined)
      reader.fault(reader.offsetOf(item), `"cron" is missing in ${what}`);
    return { ...(cron === undefined ? {} : { cron }), ...(timezone === undefined ? {} : { timezone }) };
  });
  return { kind: 'schedule', entries };
}

function readWebhook(reader: SectionReader, hook: Text, node: YamlNode): WebhookEvent {
  let types: readonly Text[] | undefined;
  let workflows: WebhookEvent['workflows'];
  const filters: EventFilter[] = [];
  for (const { key, id, value } of reader.section(hook.value, node, { empty: 'allowed', keys: 'exact' }) ?? []) {
    if (id === 'types') types = reader.textOrSequence(id, value);
    else if (id === 'workflows') workflows = { name: key, values: reader.textOrSequence(id, value) };
    else if (filterNames.includes(id))
      filters.push({ filter: id as FilterName, name: key, values: reader.textOrSequence(id, value) });
    else reader.unexpectedKey(key, `${JSON.stringify(hook.value)} section`, [...filterNames, 'types', 'workflows']);
  }
  return {
    kind: 'webhook',
    hook,
    filters,
    ...(types === undefined ? {} : { types }),
    ...(workflows === undefined ? {} : { workflows }),
  };
}

function readRepositoryDispatch(reader: SectionReader, node: YamlNode): RepositoryDispatchEvent {
  let types: readonly Text[] | undefined;
  for (const { key, id, value } of reader.section('repository_dispatch', node, { empty: 'allowed', keys: 'exact' }) ??
    []) {
    if (id === 'types') types = reader.textOrSequence(id, value);
    else
      reader.fault(key.offset, `expected "types" key for "repository_dispatch" section but got ${JSON.stringify(id)}`);
  }
  return { kind: 'repository_dispatch', ...(types === undefined ? {} : { types }) };
}

function readImageVersion(reader: SectionReader, node: YamlNode): ImageVersionEvent {
  let names: readonly Text[] | undefined;
  let versions: readonly Text[] | undefined;
  for (const { key, id, value } of reader.section('image_version', node, { empty: 'allowed', keys: 'exact' }) ?? []) {
    if (id === 'names') names = reader.textOrSequence(id, value);
    else if (id === 'versions') versions = reader.textOrSequence(id, value);
    else reader.unexpectedKey(key, '"image_version" section', ['names', 'versions']);
  }
  return {
    kind: 'image_version',
    ...(names === undefined ? {} : { names }),
    ...(versions === undefined ? {} : { versions }),
  };
}

function readDispatch(reader: SectionReader, name: Text, node: YamlNode): DispatchEvent {
  let inputs: Members<DispatchInput> = new Map();
  for (const { key, id, value } of reader.section('workflow_dispatch', node, { empty: 'allowed', keys: 'exact' }) ??
    []) {
    if (id === 'inputs')
      inputs = readMembers(reader, { name: 'inputs', node: value }, (input) => readDispatchInput(reader, input));
    else
      reader.fault(key.offset, `expected "inputs" key for "workflow_dispatch" section but got ${JSON.stringify(id)}`);
  }
  return { kind: 'workflow_dispatch', offset: name.offset, inputs };
}

function readDispatchInput(reader: SectionReader, node: YamlNode): DispatchInput {
  const input: { -readonly [K in keyof DispatchInput]: DispatchInput[K] } = {};
  const what = 'input settings of workflow_dispatch event';
  for (const { key, id, value } of reader.mapping(what, node, { empty: 'allowed', keys: 'exact' }) ?? []) {
    if (id === 'description') input.description = reader.text(value, 'allowed');
    else if (id === 'required') assign(input, 'required', reader.boolean(value));
    else if (id === 'default') input.default = reader.text(value, 'allowed');
    else if (id === 'options') input.options = reader.textSequence(id, value, { list: 'refused', item: 'refused' });
    else if (id === 'type') assign(input, 'type', readDispatchType(reader, value));
    // Known to GitHub and without meaning for what is checked here.
    else if (id !== 'deprecationMessage')
      reader.unexpectedKey(key, '"inputs" section', ['default', 'description', 'options', 'required', 'type']);
  }
  return input;
}

/** Leaves out what could not be read. */
function assign<T, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value !== undefined) target[key] = value;
}

function readDispatchType(reader: SectionReader, node: YamlNode): DispatchInputType | undefined {
  const type = reader.text(node, 'refused');
  if (dispatchTypes.includes(type.value)) return type.value as DispatchInputType;
  const expected = dispatchTypes.map((name) => JSON.stringify(name)).join(', ');
  if (type.value !== '')
    reader.fault(
      type.offset,
      `input type of workflow_dispatch event must be one of ${expected} but got ${JSON.stringify(type.value)}`,
    );
  return undefined;
}

function readCall(reader: SectionReader, node: YamlNode): CallEvent {
  let inputs: Members<CallInput> = new Map();
  let secrets: Members<CallSecret> | undefined;
  let outputs: CallEvent['outputs'] = new Map();
  for (const { key, id, value } of reader.section('workflow_call', node, { empty: 'allowed', keys: 'exact' }) ?? []) {
    const section = { name: id, node: value };
    if (id === 'inputs') inputs = readMembers(reader, section, (input, name) => readCallInput(reader, name, input));
    else if (id === 'secrets') secrets = readMembers(reader, section, (secret) => readCallSecret(reader, secret));
    else if (id === 'outputs')
      outputs = readMembers(reader, section, (output, name) => readCallOutput(reader, name, output));
    else reader.unexpectedKey(key, '"workflow_call" section', ['inputs', 'outputs', 'secrets']);
  }
  return { kind: 'workflow_call', inputs, outputs, ...(secrets === undefined ? {} : { secrets }) };
}

function readCallInput(reader: SectionReader, name: Text, node: YamlNode): CallInput {
  const input: { -readonly [K in keyof CallInput]: CallInput[K] } = {};
  let hasType = false;
  const entries = reader.mapping('input of workflow_call event', node, { empty: 'allowed', keys: 'exact' });
  for (const { key, id, value } of entries ?? []) {
    if (id === 'description') input.description = reader.text(value, 'allowed');
    else if (id === 'required') assign(input, 'required', reader.boolean(value));
    else if (id === 'default') input.default = reader.text(value, 'allowed');
    else if (id === 'type') {
      hasType = true;
      assign(input, 'type', readCallType(reader, value));
    } else if (id !== 'deprecationMessage')
      reader.unexpectedKey(key, 'inputs at workflow_call event', ['default', 'description', 'required', 'type']);
  }
  if (!hasType)
    reader.fault(name.offset, `"type" is missing at ${JSON.stringify(name.value)} input of workflow_call event`);
  return input;
}

function readCallType(reader: SectionReader, node: YamlNode): CallInput['type'] {
  const type = reader.text(node, 'refused');
  if (type.value === 'string' || type.value === 'number' || type.value === 'boolean') return type.value;
  if (node.kind === 'scalar' && type.value !== '')
    reader.fault(
      type.offset,
      `invalid value ${JSON.stringify(type.value)} for input type of workflow_call event. it must be one of "boolean", "number", or "string"`,
    );
  return undefined;
}

function readCallSecret(reader: SectionReader, node: YamlNode): CallSecret {
  let required: Assigned<boolean> | undefined;
  for (const { key, id, value } of reader.section('secrets', node, { empty: 'allowed', keys: 'exact' }) ?? []) {
    if (id === 'description') reader.text(value, 'allowed');
    else if (id === 'required') required = reader.boolean(value);
    else reader.unexpectedKey(key, '"secrets" section', ['description', 'required']);
  }
  return required === undefined ? {} : { required };
}

function readCallOutput(reader: SectionReader, name: Text, node: YamlNode): Text | undefined {
  let output: Text | undefined;
  const entries = reader.mapping('output of workflow_call event', node, { empty: 'allowed', keys: 'exact' });
  for (const { key, id, value } of entries ?? []) {
    if (id === 'description') reader.text(value, 'allowed');
    else if (id === 'value') output = reader.text(value, 'refused');
    else
      reader.fault(
        key.offset,
        `unexpected key ${JSON.stringify(id)} for outputs at workflow_call event. expected one of ${quotedList(['description', 'value'])}`,
      );
  }
  if (output === undefined)
    reader.fault(name.offset, `"value" is missing at ${JSON.stringify(name.value)} output of workflow_call event`);
  return output;
}
