// SPDX-License-Identifier: Apache-2.0
// `landwaiter notation policy show|import FILE`: the trust policy of notation's configuration folder, for images or (--blob) for files.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrustPolicy } from '../../formats/notation/trust-policy.ts';
import { parseTrustPolicy } from '../../formats/notation/trust-policy.ts';
import { printable } from '../../formats/text-table.ts';
import { localDisk } from '../../io/disk.ts';
import { writeNewFile } from '../../io/private-file.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { notationFolderOf } from './notation-keys.ts';
import { readInput } from './signing.ts';
import { usage } from './usage.ts';

const policyBytes = 1024 * 1024;

const files: Readonly<Record<TrustPolicy['kind'], readonly [string, ...string[]]>> = {
  oci: ['trustpolicy.oci.json', 'trustpolicy.json'],
  blob: ['trustpolicy.blob.json'],
};

export async function trustPolicy(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const [word, file, ...more] = operands;
  if (word === 'show' && file === undefined) return show(context, values);
  if (word === 'import' && file !== undefined && more.length === 0) return importPolicy(context, values, file);
  throw usage('notation policy takes show, or import and a file');
}

function kindOf(values: FlagValues): TrustPolicy['kind'] {
  return values.isSet('blob') ? 'blob' : 'oci';
}

/** As it lies there; exit 2 when it cannot be used. */
function show(context: CommandContext, values: FlagValues): number {
  const folder = notationFolderOf(context, values);
  const kind = kindOf(values);
  if (folder.trustPolicy(kind) === undefined)
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `${folder.root}: there is no trust policy` });
  context.stdout.write(readFileSync(placeOf(folder.root, kind), 'utf8'));
  return 0;
}

/** The file that is read: the newer name where it is there, else the one that every version of notation reads. */
function placeOf(root: string, kind: TrustPolicy['kind']): string {
  const paths = files[kind].map((name) => join(root, name));
  return paths.find((path) => localDisk.kindOf(path) === 'file') ?? paths.at(-1) ?? root;
}

/** Nothing is written that could not be used. */
async function importPolicy(context: CommandContext, values: FlagValues, file: string): Promise<number> {
  const kind = kindOf(values);
  const bytes = await readInput(context, file, policyBytes);
  const parsed = parseTrustPolicy(bytes, kind);
  if (parsed.kind === 'malformed')
    throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `${file}: ${parsed.reason}` });
  const folder = notationFolderOf(context, values);
  if (folder.trustPolicy(kind) !== undefined && !values.isSet('force'))
    throw usage('there is a trust policy already', '--force replaces it');
  mkdirSync(folder.root, { recursive: true, mode: 0o700 });
  const path = placeOf(folder.root, kind);
  writeNewFile({ path, content: bytes, access: 'private', existing: 'replace' });
  context.stdout.write(`${printable(file)} is now ${path}: ${parsed.value.statements.length} statements\n`);
  return 0;
}
