// SPDX-License-Identifier: Apache-2.0
// Sections that stand at a workflow as well as at a job: permissions, environment variables, defaults, concurrency.
import type { YamlNode } from '../../../../formats/yaml-tree.ts';
import type { Assigned, Concurrency, Defaults, Environment, Permissions, Text } from '../workflow.ts';
import type { SectionReader } from './section-reader.ts';
import { members } from './section-reader.ts';

export function readPermissions(reader: SectionReader, node: YamlNode): Permissions {
  if (node.kind === 'scalar') return { all: reader.text(node, 'refused'), scopes: new Map() };
  return { scopes: reader.texts('permissions', node, { empty: 'allowed', keys: 'any-case', text: 'refused' }) };
}

export function readEnvironment(reader: SectionReader, node: YamlNode): Environment {
  if (node.kind === 'scalar' && !reader.isBrokenAlias(node)) {
    const expression = reader.expression(node, 'mapping value for "env" section');
    return { variables: new Map(), ...(expression === undefined ? {} : { expression }) };
  }
  return { variables: reader.texts('env', node, { empty: 'refused', keys: 'any-case', text: 'allowed' }) };
}

export function readDefaults(reader: SectionReader, node: YamlNode): Defaults {
  let defaults: Defaults | undefined;
  for (const { key, id, value } of reader.section('defaults', node, { empty: 'refused', keys: 'exact' }) ?? []) {
    if (id === 'run') defaults = readRunDefaults(reader, value);
    else reader.fault(key.offset, `expected "run" key for "defaults" section but got ${JSON.stringify(id)}`);
  }
  if (defaults === undefined) reader.fault(reader.offsetOf(node), '"defaults" section should have "run" section');
  return defaults ?? {};
}

function readRunDefaults(reader: SectionReader, node: YamlNode): Defaults {
  let shell: Text | undefined;
  let workingDirectory: Text | undefined;
  for (const { key, id, value } of reader.section('run', node, { empty: 'refused', keys: 'exact' }) ?? []) {
    if (id === 'shell') shell = reader.text(value, 'refused');
    else if (id === 'working-directory') workingDirectory = reader.text(value, 'refused');
    else reader.unexpectedKey(key, '"run" section', ['shell', 'working-directory']);
  }
  return {
    ...(shell === undefined ? {} : { shell }),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
  };
}

/** `key` is where the section begins, for what is missing in it. */
export function readConcurrency(reader: SectionReader, key: Text, node: YamlNode): Concurrency {
  if (node.kind === 'scalar') return { group: reader.text(node, 'refused') };
  let group: Text | undefined;
  let cancelInProgress: Assigned<boolean> | undefined;
  for (const entry of reader.section('concurrency', node, { empty: 'refused', keys: 'exact' }) ?? []) {
    if (entry.id === 'group') group = reader.text(entry.value, 'refused');
    else if (entry.id === 'cancel-in-progress') cancelInProgress = reader.boolean(entry.value);
    else reader.unexpectedKey(entry.key, '"concurrency" section', ['cancel-in-progress', 'group']);
  }
  if (group === undefined) reader.fault(key.offset, 'group name is missing in "concurrency" section');
  return {
    ...(group === undefined ? {} : { group }),
    ...(cancelInProgress === undefined ? {} : { cancelInProgress }),
  };
}

/** A map whose values are read by `read`; empty is allowed, names are compared without case. */
export function readMembers<T>(
  reader: SectionReader,
  section: { readonly name: string; readonly node: YamlNode },
  read: (value: YamlNode, key: Text) => T,
) {
  return members(reader.section(section.name, section.node, { empty: 'allowed', keys: 'any-case' }) ?? [], read);
}
