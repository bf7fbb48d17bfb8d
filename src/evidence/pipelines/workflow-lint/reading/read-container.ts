// SPDX-License-Identifier: Apache-2.0
// Containers of jobs and of services, and the image a job leaves behind (`snapshot`).
import type { YamlNode } from '../../../../formats/yaml-tree.ts';
import type { Container, Credentials, Services, Snapshot, Text } from '../workflow.ts';
import { readEnvironment } from './read-common.ts';
import type { SectionReader } from './section-reader.ts';
import { members } from './section-reader.ts';

const commonKeys = ['credentials', 'env', 'image', 'options', 'ports', 'volumes'];
const lists = { list: 'allowed', item: 'refused' } as const;

/** `key` is where the container begins, for what is missing in it. */
export function readContainer(
  reader: SectionReader,
  section: { readonly name: 'container' | 'services'; readonly key: Text },
  node: YamlNode,
): Container {
  if (node.kind === 'scalar') return { image: reader.text(node, 'refused'), ports: [], volumes: [] };
  const container: { -readonly [K in keyof Container]: Container[K] } = { ports: [], volumes: [] };
  const isService = section.name === 'services';
  for (const { key, id, value } of reader.section(section.name, node, { empty: 'refused', keys: 'exact' }) ?? []) {
    if (id === 'image') container.image = reader.text(value, 'refused');
    else if (id === 'credentials') container.credentials = readCredentials(reader, key, value);
    else if (id === 'env') container.environment = readEnvironment(reader, value);
    else if (id === 'ports') container.ports = reader.textSequence(id, value, lists);
    else if (id === 'volumes') container.volumes = reader.textSequence(id, value, lists);
    else if (id === 'options') container.options = reader.text(value, 'allowed');
    else if (id === 'entrypoint' && isService) container.entrypoint = reader.text(value, 'allowed');
    else if (id === 'command' && isService) container.command = reader.text(value, 'allowed');
    else
      reader.unexpectedKey(
        key,
        `${JSON.stringify(section.name)} section`,
        isService ? [...commonKeys, 'command', 'entrypoint'] : commonKeys,
      );
  }
  if (container.image === undefined)
    reader.fault(section.key.offset, `"image" is missing in ${JSON.stringify(section.name)} section`);
  return container;
}

function readCredentials(reader: SectionReader, key: Text, node: YamlNode): Credentials {
  const expression = reader.maybeExpression(node);
  if (expression !== undefined) return { expression };
  let username: Text | undefined;
  let password: Text | undefined;
  for (const entry of reader.section('credentials', node, { empty: 'refused', keys: 'exact' }) ?? []) {
    if (entry.id === 'username') username = reader.text(entry.value, 'refused');
    else if (entry.id === 'password') password = reader.text(entry.value, 'refused');
    else reader.unexpectedKey(entry.key, '"credentials" section', ['password', 'username']);
  }
  if (username === undefined || password === undefined)
    reader.fault(key.offset, 'both "username" and "password" must be specified in "credentials" section');
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
}

export function readServices(reader: SectionReader, node: YamlNode): Services {
  const expression = reader.maybeExpression(node);
  if (expression !== undefined) return { expression, containers: new Map() };
  const entries = reader.section('services', node, { empty: 'refused', keys: 'any-case' }) ?? [];
  return { containers: members(entries, (value, key) => readContainer(reader, { name: 'services', key }, value)) };
}

export function readSnapshot(reader: SectionReader, key: Text, node: YamlNode): Snapshot {
  if (node.kind === 'scalar') return { imageName: reader.text(node, 'refused') };
  if (node.kind === 'sequence') {
    reader.fault(reader.offsetOf(node), '"snapshot" section value must be string or mapping but found sequence node');
    return {};
  }
  const snapshot: { -readonly [K in keyof Snapshot]: Snapshot[K] } = {};
  for (const entry of reader.section('snapshot', node, { empty: 'refused', keys: 'exact' }) ?? []) {
    if (entry.id === 'image-name') snapshot.imageName = reader.text(entry.value, 'refused');
    else if (entry.id === 'version') snapshot.version = reader.text(entry.value, 'refused');
    else if (entry.id === 'if') snapshot.condition = reader.text(entry.value, 'refused');
    else reader.unexpectedKey(entry.key, '"snapshot" section', ['if', 'image-name', 'version']);
  }
  if (snapshot.imageName === undefined)
    reader.fault(key.offset, '"snapshot" section must have "image-name" configuration');
  return snapshot;
}
