// SPDX-License-Identifier: Apache-2.0
// `landwaiter pipeline --pin`: asks what tags stand for, and keeps the answers in the lock file. The only part of the command that uses the network.
import { join, resolve } from 'node:path';
import { pinnableOf } from '../../evidence/pipelines/pin-fixes.ts';
import type { Pipeline } from '../../evidence/pipelines/pipeline.ts';
import { parseReference } from '../../formats/oci/reference.ts';
import type { PinLock } from '../../formats/pin-lock.ts';
import { parsePinLock, pinLockName, printPinLock } from '../../formats/pin-lock.ts';
import { decodeText } from '../../formats/text.ts';
import { localDisk } from '../../io/disk.ts';
import { listRemoteReferences } from '../../io/git-remote.ts';
import { systemRegistryClient } from '../../io/registry/system.ts';
import { LandwaiterError, messageOf } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import { formatLocation } from '../../model/location.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { writeWhole } from './outputs.ts';
import type { PipelineFiles } from './pipeline-files.ts';

/** Where the lock file is: --lock-file, else in the target; undefined for a revision without the flag. */
export function lockPath(context: CommandContext, values: FlagValues, read: PipelineFiles): string | undefined {
  const named = values.text('lock-file');
  if (named !== undefined) return resolve(context.cwd, named);
  return read.place === undefined ? undefined : join(read.place, pinLockName);
}

/** The lock file that there is; undefined without one. A named one that cannot be read throws INPUT_UNREADABLE. */
export function readLock(context: CommandContext, values: FlagValues, read: PipelineFiles): PinLock | undefined {
  const inTree = read.files.find(({ path }) => path === pinLockName)?.text;
  const path = lockPath(context, values, read);
  const result = path === undefined ? undefined : localDisk.read(path, defaultLimits.configBytes);
  if (values.text('lock-file') !== undefined && result?.kind !== 'bytes' && !values.isSet('pin'))
    throw new LandwaiterError({
      code: 'INPUT_UNREADABLE',
      message: `could not read the lock file ${values.text('lock-file')}`,
    });
  const text = result?.kind === 'bytes' ? decodeText(result.bytes, path ?? '').text : inTree;
  if (text === undefined) return undefined;
  const { lock, problems } = parsePinLock(text, values.text('lock-file') ?? pinLockName);
  for (const { location, message } of problems) context.log.warn(`${formatLocation(location)}: ${message}`);
  return lock;
}

interface Pinning {
  readonly values: FlagValues;
  readonly read: PipelineFiles;
  readonly pipelines: readonly Pipeline[];
  readonly known: PinLock | undefined;
}

/** Asks for all tags that are not pinned in the files, also those the lock file has already, and writes it. Returns the number that nobody answered for. */
export async function writePins(context: CommandContext, { values, read, pipelines, known }: Pinning): Promise<number> {
  const path = lockPath(context, values, read);
  if (path === undefined)
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'a revision has no place for the lock file',
      hint: 'name one: --lock-file landwaiter.lock.yaml',
    });
  const wanted = pinnableOf(pipelines);
  const actions = new Map(known?.actions ?? []);
  const images = new Map(known?.images ?? []);
  const failed =
    (await askForges(context, values, { wanted: wanted.actions, into: actions })) +
    (await askRegistries(context, values, { wanted: wanted.images, into: images }));
  writeWhole(path, values.text('lock-file') ?? pinLockName, printPinLock({ actions, images }));
  const asked = wanted.actions.length + wanted.images.length;
  context.stdout.write(
    `${asked - failed} of ${asked} tags are in ${values.text('lock-file') ?? pinLockName}; landwaiter pipeline . --fix pins them\n`,
  );
  return failed;
}

interface Wanted {
  readonly wanted: readonly string[];
  readonly into: Map<string, string>;
}

/** One question for each repository. */
async function askForges(context: CommandContext, values: FlagValues, { wanted, into }: Wanted): Promise<number> {
  const server = (values.text('action-server') ?? 'https://github.com').replace(/\/+$/, '');
  const groups = Map.groupBy(wanted, (key) => key.slice(0, key.indexOf('@')));
  let failed = 0;
  for (const [slug, keys] of groups) {
    try {
      const references = await listRemoteReferences(`${server}/${slug}`, context.environment);
      for (const key of keys) {
        const ref = key.slice(key.indexOf('@') + 1);
        const commit = references.get(`refs/tags/${ref}`) ?? references.get(`refs/heads/${ref}`);
        if (commit === undefined) {
          failed += 1;
          context.log.warn(`${key}: there is no such tag or branch`);
        } else into.set(key, commit);
      }
    } catch (error) {
      failed += keys.length;
      context.log.warn(messageOf(error));
    }
  }
  return failed;
}

async function askRegistries(context: CommandContext, values: FlagValues, { wanted, into }: Wanted): Promise<number> {
  if (wanted.length === 0) return 0;
  const { environment } = context;
  const client = systemRegistryClient({
    environment,
    home: environment['HOME'],
    insecure: values.list('insecure-registry'),
  });
  let failed = 0;
  try {
    for (const name of wanted) {
      const parsed = parseReference(name);
      const answer = parsed.kind === 'reference' ? await client.manifest(parsed.reference) : undefined;
      if (answer?.kind === 'found') into.set(name, answer.value.digest);
      else {
        failed += 1;
        context.log.warn(
          `${name}: ${answer === undefined ? 'not the name of an image' : answer.kind === 'none' ? 'there is no such image' : answer.reason}`,
        );
      }
    }
  } finally {
    client.close();
  }
  return failed;
}
