// SPDX-License-Identifier: Apache-2.0
// `landwaiter db status|update|build|push|import`: the advisory database.
import { basename, dirname, resolve } from 'node:path';
import type { BuildResult } from '../../../advisories/database/build.ts';
import type { FeedInput } from '../../../advisories/database/collect.ts';
import type { DatabaseStatus } from '../../../advisories/database/status.ts';
import { isDataFile } from '../../../advisories/feed-files.ts';
import { layoutTable } from '../../../formats/text-table.ts';
import { reportTime } from '../../../io/clock.ts';
import { readInputFiles } from '../../../io/input-files.ts';
import type { RegistryClient } from '../../../io/registry/client.ts';
import { storedFolder } from '../../../io/stored-files.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { defaultLimits } from '../../../model/limits.ts';
import { formatLocation } from '../../../model/location.ts';
import { formatBytes, formatCount, plural } from '../../../model/quantity.ts';
import { actionsOf } from '../actions.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { databaseLocations, installationFolder, readText, trustOf } from '../database.ts';
import { writeWhole } from '../outputs.ts';

export const run = actionsOf(
  'db',
  { status: () => status, update: () => update, build: () => build, push: () => push, import: () => importFeeds },
  'status',
);

async function status(context: CommandContext, _operands: readonly string[], values: FlagValues): Promise<number> {
  const { databaseStatus } = await import('../../../advisories/database/status.ts');
  const now = new Date(context.clock.now()).toISOString();
  const trust = await trustOf(context, values.list('trust-key'));
  const list = databaseStatus(databaseLocations(context, values.text('database')), { now, trust });
  if ((values.text('format') ?? values.text('output')) === 'json')
    context.stdout.write(`${JSON.stringify(list, undefined, 2)}\n`);
  else context.stdout.write(list.map((item) => describe(item, context)).join('\n'));
  return list.some((item) => item.state === 'refused') || !list.some((item) => item.state === 'usable') ? 3 : 0;
}

function describe(item: DatabaseStatus, context: CommandContext): string {
  if (item.state === 'absent')
    return `${item.location}\n  no database (landwaiter db update --from MIRROR installs one)\n`;
  if (item.state === 'refused') return `${item.location}\n  refused: ${item.reason}\n`;
  const present = item.shards.filter((shard) => shard.present && shard.kind === 'advisories');
  const columns = [
    { title: 'ECOSYSTEM' },
    { title: 'ADVISORIES', align: 'right' },
    { title: 'NEWEST' },
    { title: '' },
  ] as const;
  const rows = present.map((shard) => [
    shard.ecosystem,
    formatCount(shard.advisories),
    shard.newest.slice(0, 10),
    shard.partial ? 'a selection only' : '',
  ]);
  const sources = item.sources.map((source) => `  ${source.title} (${source.license})`);
  return [
    `${item.location}  (${item.kind})`,
    `  ${plural(item.advisories, 'advisory', 'advisories')}, ${formatBytes(item.bytes)}, newest ${item.newest.slice(0, 10)}`,
    `  number ${item.sequence}, built ${item.created.slice(0, 10)} (${plural(item.ageDays, 'day')} ago), ${item.stale ? 'EXPIRED' : 'expires'} ${item.expires.slice(0, 10)}, signed by ${item.signedBy.role} key ${item.signedBy.id}`,
    ...layoutTable(columns, rows, context.stdout.width).map((line) => `  ${line}`),
    'Sources:',
    ...sources,
    '',
  ].join('\n');
}

/** Milliseconds without a byte after which a mirror is given up. */
const stall = 30_000;

async function update(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const from = values.text('from') ?? operands[0];
  if (from === undefined) {
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'db update needs a mirror',
      hint: 'landwaiter db update --from FOLDER, https://… or oci://…',
    });
  }
  const { updateDatabase } = await import('../../../advisories/database/update.ts');
  const { openMirror } = await import('../../../advisories/database/open-mirror.ts');
  const folder = installationFolder(context, values.text('database'));
  if (values.text('database') === undefined) await rememberKeys(context, folder, values.list('trust-key'));
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(from);
  const mirror = openMirror(isAddress ? from : resolve(context.cwd, from), {
    fetch,
    stall,
    registry: await registryOf(context, values),
  });
  const ecosystems = values.list('ecosystem').flatMap((item) => item.split(','));
  const result = await updateDatabase(storedFolder(folder), mirror, {
    trust: await trustOf(context, values.list('trust-key')),
    pause: (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds)),
    onProgress: ({ bytes, totalBytes }) =>
      context.progress.update({ what: `fetching ${formatBytes(bytes)} of ${formatBytes(totalBytes)},`, files: 0 }),
    ...(ecosystems.length === 0 ? {} : { ecosystems }),
  }).finally(() => {
    context.progress.done();
    mirror.close?.();
  });
  for (const name of result.unknownEcosystems) context.log.warn(`the mirror has nothing for ${name}`);
  const what =
    result.state === 'unchanged'
      ? 'already up to date'
      : `fetched ${plural(result.fetchedShards, 'file')} (${formatBytes(result.fetchedBytes)}), kept ${result.keptShards}`;
  context.stdout.write(
    `${folder}: ${what}; number ${result.index.sequence}, built ${result.index.created.slice(0, 10)}\n`,
  );
  return 0;
}

/** A client as docker and podman on this machine have it; made only when an `oci://` address asks for it. */
async function registryOf(context: CommandContext, values: FlagValues): Promise<() => RegistryClient> {
  const { systemRegistryClient } = await import('../../../io/registry/system.ts');
  const { environment } = context;
  return () =>
    systemRegistryClient({ environment, home: environment['HOME'], insecure: values.list('insecure-registry') });
}

async function push(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [folder, ...rest] = operands;
  const to = values.text('to');
  if (folder === undefined || to === undefined || rest.length > 0) {
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'db push needs one folder and --to',
      hint: 'landwaiter db push ./mirror --to oci://registry.example.com/security/advisories:v1',
    });
  }
  await publish(context, values, { folder, to });
  return 0;
}

async function publish(
  context: CommandContext,
  values: FlagValues,
  { folder, to }: { readonly folder: string; readonly to: string },
): Promise<void> {
  const { publishDatabase } = await import('../../../advisories/database/publish.ts');
  const { parseOciAddress } = await import('../../../advisories/database/oci-artifact.ts');
  const reference = parseOciAddress(to);
  const client = (await registryOf(context, values))();
  try {
    const done = await publishDatabase(
      storedFolder(resolve(context.cwd, folder)),
      { client, reference },
      { onFile: (path) => context.progress.update({ what: `sending ${path},`, files: 0 }) },
    );
    context.progress.done();
    const sent = `sent ${plural(done.sentFiles, 'file')} (${formatBytes(done.sentBytes)}), ${done.keptFiles} were there`;
    context.stdout.write(`${to}: number ${done.index.sequence}, ${sent}; ${done.digest}\n`);
  } finally {
    context.progress.done();
    client.close();
  }
}

/** Keys named for an update of the installed database are its own from then on, so that scans need not name them again. */
async function rememberKeys(context: CommandContext, folder: string, files: readonly string[]): Promise<void> {
  const { trustedKeyOfPem } = await import('../../../advisories/database/trusted-keys.ts');
  const { writeOwnKey } = await import('../../../advisories/database/layout.ts');
  for (const file of files) writeOwnKey(storedFolder(folder), trustedKeyOfPem(readText(context, file), 'local'));
}

async function build(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const key = values.text('key');
  const output = values.text('output');
  if (operands.length === 0 || key === undefined || output === undefined) {
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'db build needs inputs, --key and --output',
      hint: 'landwaiter db build osv.zip --key key.pem --output ./mirror',
    });
  }
  const to = values.text('to');
  if (to !== undefined) (await import('../../../advisories/database/oci-artifact.ts')).parseOciAddress(to);
  const { buildDatabase } = await import('../../../advisories/database/build.ts');
  const { readOrMakeKey } = await import('../../../advisories/database/signing-key.ts');
  const keyFile = resolve(context.cwd, key);
  const signing = readOrMakeKey(storedFolder(dirname(keyFile)), basename(keyFile));
  if (signing.isNew) {
    writeWhole(
      `${keyFile}.pub`,
      `${key}.pub`,
      `-----BEGIN PUBLIC KEY-----\n${signing.publicKey.publicKey}\n-----END PUBLIC KEY-----\n`,
    );
    context.log.info(`made a key pair: ${key} (keep it secret) and ${key}.pub (users name it with --trust-key)`);
  }
  const result = buildDatabase(inputsOf(context, operands, values), storedFolder(resolve(context.cwd, output)), {
    privateKey: signing.privateKey,
    now: reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']),
    validDays: values.number('expires-in') ?? 14,
  });
  const status = reportBuild(context, result, output);
  if (to !== undefined) await publish(context, values, { folder: output, to });
  return status;
}

async function importFeeds(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  if (operands.length === 0)
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'db import needs inputs',
      hint: 'landwaiter db import advisories.json',
    });
  const { importFeed } = await import('../../../advisories/database/build.ts');
  const folder = installationFolder(context, values.text('database'));
  const key = values.text('key');
  const name = basename(operands[0] ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  const result = importFeed(inputsOf(context, operands, values), storedFolder(folder), {
    name: name === '' ? 'import' : name,
    now: reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']),
    validDays: values.number('expires-in') ?? 365,
    ...(key === undefined ? {} : { privateKey: readText(context, key) }),
  });
  return reportBuild(context, result, `${folder} (as ${name})`);
}

function inputsOf(context: CommandContext, operands: readonly string[], values: FlagValues): FeedInput[] {
  const feed = values.text('feed');
  const wanted = {
    maximumBytes: defaultLimits.feedArchiveBytes,
    maximumFiles: defaultLimits.entries,
    isWanted: isDataFile,
  };
  return operands.map((operand) => ({
    name: operand,
    files: readInputFiles(resolve(context.cwd, operand), wanted),
    ...(feed === undefined ? {} : { feed }),
  }));
}

function reportBuild(context: CommandContext, result: BuildResult, place: string): number {
  for (const input of result.inputs) {
    context.log.info(
      `${input.name}: ${plural(input.records, 'record')} as ${input.feeds.join(', ') || 'nothing known'}, ${plural(input.advisories, 'advisory', 'advisories')}`,
    );
    if (input.advisories === 0 && input.records === 0) context.log.warn(`${input.name}: nothing in it could be read`);
  }
  for (const [part, count] of result.skipped) context.log.info(`left out: ${formatCount(count)} ${part}`);
  for (const problem of result.problems.slice(0, 20))
    context.log.warn(`${formatLocation(problem.location)}: ${problem.message}`);
  if (result.problemCount > 20) context.log.warn(`... and ${formatCount(result.problemCount - 20)} more problems`);
  const shards = result.index.shards.filter((shard) => shard.kind === 'advisories');
  const advisories = shards.reduce((sum, shard) => sum + shard.advisories, 0);
  context.stdout.write(
    `${place}: ${plural(advisories, 'advisory', 'advisories')} of ${plural(shards.length, 'ecosystem')}, ${formatBytes(result.bytes)}\n`,
  );
  return result.problems.some((problem) => problem.hidesFindings) ? 3 : 0;
}
