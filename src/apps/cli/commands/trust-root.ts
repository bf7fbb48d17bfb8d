// SPDX-License-Identifier: Apache-2.0
// `landwaiter trust-root update|status|show`: a Sigstore trust root from a TUF repository. Only `update` asks a mirror.
import { join, resolve } from 'node:path';
import type { TrustUpdateFailure } from '../../../evidence/trust-roots/failure.ts';
import { isFailure } from '../../../evidence/trust-roots/failure.ts';
import { layoutTable, printable } from '../../../formats/text-table.ts';
import { tufTopRoles } from '../../../formats/tuf.ts';
import { localDisk } from '../../../io/disk.ts';
import { nodeTransport } from '../../../io/registry/transport.ts';
import { storedFolder } from '../../../io/stored-files.ts';
import type { UpdateMirror } from '../../../io/tuf-mirror.ts';
import { folderUpdateMirror, httpUpdateMirror } from '../../../io/tuf-mirror.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { plural } from '../../../model/quantity.ts';
import type { TrustFolder, TrustSource, TrustState } from '../../trust-roots/trust-folder.ts';
import { openTrustFolder, trustRootFileName } from '../../trust-roots/trust-folder.ts';
import type { Action } from '../actions.ts';
import { actionsOf } from '../actions.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { usage } from '../usage.ts';

/** Milliseconds without a byte after which a mirror is given up. */
const stall = 30_000;
const rootBytes = 512_000;
const day = 24 * 60 * 60 * 1_000;

export const run = actionsOf(
  'trust-root',
  { update: () => ofFolder(update), status: () => ofFolder(status), show: () => ofFolder(show) },
  'status',
);

type FolderAction = (context: CommandContext, folder: TrustFolder, values: FlagValues) => Promise<number>;

/** None takes operands: throws USAGE for one. */
function ofFolder(action: FolderAction): Action {
  return (context, [operand], values) => {
    if (operand !== undefined) throw usage(`trust-root takes no operand; "${printable(operand)}" is one`);
    return action(context, openTrustFolder(context, values.text('trust-folder')), values);
  };
}

async function update(context: CommandContext, folder: TrustFolder, values: FlagValues): Promise<number> {
  const source = sourceOf(context, folder, values);
  const initialRoot = values.text('initial-root');
  if (initialRoot !== undefined) {
    const read = localDisk.read(resolve(context.cwd, initialRoot), rootBytes);
    if (read.kind !== 'bytes')
      throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `could not read ${initialRoot}` });
    folder.pin(read.bytes);
  }
  const transport = nodeTransport({ stall, environment: context.environment, certificatesFor: () => undefined });
  try {
    const state = await folder.update(openMirror(source, transport), source, context.clock.now());
    if (isFailure(state)) return refused(context, state);
    return tell(context, { folder, state, values });
  } finally {
    transport.close();
  }
}

/** Flags, else what the run before was told. */
function sourceOf(context: CommandContext, folder: TrustFolder, values: FlagValues): TrustSource {
  const before = folder.source();
  const named = values.text('from');
  const from = named === undefined ? before?.from : placeOf(context, named);
  if (from === undefined)
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'trust-root update needs a mirror',
      hint: 'landwaiter trust-root update --from FOLDER|URL --initial-root root.json',
    });
  const targets = values.text('targets-from');
  const kept = named === undefined ? before?.targetsFrom : undefined;
  return {
    from,
    targetsFrom: targets === undefined ? kept : placeOf(context, targets),
    target: values.text('root-target') ?? before?.target ?? trustRootFileName,
  };
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(text);
}

/** Folders are kept with their whole path: the next run may start elsewhere. */
function placeOf({ cwd }: CommandContext, named: string): string {
  if (!isAddress(named)) return resolve(cwd, named);
  if (/^https?:\/\//i.test(named) && URL.canParse(named)) return named;
  throw new LandwaiterError({ code: 'USAGE', message: `${named} is no http(s) address and no folder` });
}

function openMirror({ from, targetsFrom }: TrustSource, transport: ReturnType<typeof nodeTransport>): UpdateMirror {
  if (isAddress(from)) {
    const base = new URL(from.endsWith('/') ? from : `${from}/`);
    const targets = targetsFrom ?? new URL('targets/', base).href;
    if (!isAddress(targets))
      throw new LandwaiterError({ code: 'USAGE', message: 'metadata and targets are both addresses or both folders' });
    return httpUpdateMirror(base, new URL(targets), transport);
  }
  if (targetsFrom !== undefined && isAddress(targetsFrom))
    throw new LandwaiterError({ code: 'USAGE', message: 'metadata and targets are both addresses or both folders' });
  if (localDisk.kindOf(from) !== 'directory')
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `there is no folder ${from}` });
  const inner = join(from, 'metadata');
  const metadata = localDisk.kindOf(inner) === 'directory' ? inner : from;
  return folderUpdateMirror(storedFolder(metadata), storedFolder(targetsFrom ?? join(from, 'targets')));
}

async function status(context: CommandContext, folder: TrustFolder, values: FlagValues): Promise<number> {
  const state = await folder.read();
  return isFailure(state) ? refused(context, state) : tell(context, { folder, state, values });
}

async function show(context: CommandContext, folder: TrustFolder): Promise<number> {
  const state = await folder.read();
  if (isFailure(state)) return refused(context, state);
  context.stdout.write(Buffer.from(state.content).toString('utf8'));
  return 0;
}

/** Missing files mean that nobody could look; everything else that the repository was refused. */
function refused(context: CommandContext, failure: TrustUpdateFailure): number {
  context.log.error(`trust root refused (${failure.code}): ${failure.message}`);
  return failure.code === 'METADATA_MISSING' ? 3 : 1;
}

interface Told {
  readonly folder: TrustFolder;
  readonly state: TrustState;
  readonly values: FlagValues;
}

function tell(context: CommandContext, { folder, state, values }: Told): number {
  const now = context.clock.now();
  const roles = tufTopRoles.map((role) => {
    const { version, expires } = state.trusted[role];
    return {
      role,
      version,
      expires: new Date(expires).toISOString(),
      expired: now >= expires,
      days: Math.floor((expires - now) / day),
    };
  });
  const path = join(folder.path, trustRootFileName);
  if ((values.text('format') ?? values.text('output')) === 'json') {
    context.stdout.write(`${JSON.stringify({ path, target: state.target, roles }, undefined, 2)}\n`);
  } else {
    const rows = roles.map(({ role, version, expires, expired, days }) => [
      role,
      String(version),
      `${expires.slice(0, 19)}Z`,
      expired ? 'EXPIRED' : `in ${plural(days, 'day')}`,
    ]);
    const columns = [
      { title: 'ROLE' },
      { title: 'VERSION', align: 'right' },
      { title: 'EXPIRES' },
      { title: '' },
    ] as const;
    context.stdout.write(
      `${[...layoutTable(columns, rows, context.stdout.width), `--trusted-root ${path}`].join('\n')}\n`,
    );
  }
  return roles.some(({ expired }) => expired) ? 1 : 0;
}
