// SPDX-License-Identifier: Apache-2.0
// `landwaiter notation key add|list|delete|update`: signingkeys.json of notation's configuration folder. Keys stay where they are; it names them.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SigningKey, SigningKeys } from '../../formats/notation/configuration.ts';
import { formatSigningKeys } from '../../formats/notation/configuration.ts';
import { layoutTable, printable } from '../../formats/text-table.ts';
import { writeNewFile } from '../../io/private-file.ts';
import type { NotationFolder } from '../signatures/notation-folder.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { notationFolderOf, notationKeyOf } from './notation-keys.ts';
import { plainOutput } from './outputs.ts';
import { usage } from './usage.ts';

export async function signingKeys(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const [word, ...names] = operands;
  const folder = notationFolderOf(context, values);
  switch (word) {
    case 'add':
      return add(context, names, { values, folder });
    case 'list':
    case 'ls':
      return list(context, values, folder);
    case 'delete':
    case 'rm':
      return remove(context, names, folder);
    case 'update':
    case 'set':
      return update(context, names, { values, folder });
    default:
      throw usage('notation key takes add, list, delete or update');
  }
}

interface Surroundings {
  readonly values: FlagValues;
  readonly folder: NotationFolder;
}

async function add(
  context: CommandContext,
  [name, ...more]: readonly string[],
  { values, folder }: Surroundings,
): Promise<number> {
  if (name === undefined || more.length > 0) throw usage('notation key add needs one name');
  const key = await wantedKey(context, name, { values, folder });
  const existing = values.isSet('force') ? 'replace' : 'refuse';
  addSigningKey(folder, key, { isDefault: values.isSet('make-default'), existing });
  context.stdout.write(`${printable(name)} is added${values.isSet('make-default') ? ', as the default' : ''}\n`);
  return 0;
}

/** Files are opened once, so that what is written down can be used. */
async function wantedKey(context: CommandContext, name: string, { values, folder }: Surroundings): Promise<SigningKey> {
  const [plugin, id] = [values.text('plugin'), values.text('id')];
  const [keyFile, chain] = [values.text('key'), values.text('certificate-chain')];
  if (plugin !== undefined && id !== undefined && keyFile === undefined)
    return { kind: 'plugin', name, id, plugin, settings: new Map() };
  if (keyFile === undefined || chain === undefined || plugin !== undefined)
    throw usage('a key is --key FILE with --certificate-chain FILE, or --plugin NAME with --id ID');
  await notationKeyOf(context, values, folder);
  return {
    kind: 'files',
    name,
    keyPath: resolve(context.cwd, keyFile),
    certificatePath: resolve(context.cwd, chain),
  };
}

export interface AddOptions {
  readonly isDefault: boolean;
  readonly existing: 'refuse' | 'replace';
}

/** Throws USAGE for a name that is there already. */
export function addSigningKey(folder: NotationFolder, key: SigningKey, { isDefault, existing }: AddOptions): void {
  const { keys, default: chosen } = folder.signingKeys();
  if (existing === 'refuse' && keys.some(({ name }) => name === key.name))
    throw usage(`there is a key "${key.name}" already`, '--force replaces it');
  const others = keys.filter(({ name }) => name !== key.name);
  write(folder, { default: isDefault ? key.name : chosen, keys: [...others, key] });
}

function write(folder: NotationFolder, keys: SigningKeys): void {
  mkdirSync(folder.root, { recursive: true, mode: 0o700 });
  const path = join(folder.root, 'signingkeys.json');
  writeNewFile({ path, content: formatSigningKeys(keys), access: 'private', existing: 'replace' });
}

function list(context: CommandContext, values: FlagValues, folder: NotationFolder): number {
  const { keys, default: chosen } = folder.signingKeys();
  const output = plainOutput(values, context, 'notation key list');
  if (output.form === 'json') {
    const plain = keys.map((key) => ({
      ...key,
      ...(key.kind === 'plugin' ? { settings: Object.fromEntries(key.settings) } : {}),
      isDefault: key.name === chosen,
    }));
    output.write(`${JSON.stringify(plain, undefined, 2)}\n`);
    return 0;
  }
  const rows = keys.map((key) => [
    `${key.name === chosen ? '* ' : ''}${printable(key.name)}`,
    key.kind === 'files' ? key.keyPath : '',
    key.kind === 'files' ? key.certificatePath : '',
    key.kind === 'plugin' ? `${key.plugin} ${key.id}` : '',
  ]);
  const columns = [{ title: 'NAME' }, { title: 'KEY' }, { title: 'CERTIFICATES' }, { title: 'PLUGIN' }];
  output.write(`${layoutTable(columns, rows, undefined).join('\n')}\n`);
  return 0;
}

/** The files of a key stay where they are. */
function remove(context: CommandContext, names: readonly string[], folder: NotationFolder): number {
  const { keys, default: chosen } = folder.signingKeys();
  if (names.length === 0) throw usage('notation key delete needs names');
  const missing = names.find((name) => !keys.some((key) => key.name === name));
  if (missing !== undefined) throw usage(`there is no key "${missing}"`);
  const isKept = chosen !== undefined && !names.includes(chosen);
  write(folder, { default: isKept ? chosen : undefined, keys: keys.filter(({ name }) => !names.includes(name)) });
  context.stdout.write(`${names.map(printable).join(', ')}: no longer in signingkeys.json; files were not deleted\n`);
  return 0;
}

function update(context: CommandContext, [name, ...more]: readonly string[], { values, folder }: Surroundings): number {
  if (name === undefined || more.length > 0 || !values.isSet('make-default'))
    throw usage('notation key update needs one name and --default');
  const { keys } = folder.signingKeys();
  if (!keys.some((key) => key.name === name)) throw usage(`there is no key "${name}"`);
  write(folder, { default: name, keys });
  context.stdout.write(`${printable(name)} is the default\n`);
  return 0;
}
