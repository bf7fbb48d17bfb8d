// SPDX-License-Identifier: Apache-2.0
// `landwaiter admission failed-open`: which requests got in although a webhook did not answer? The audit log of the API server knows.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FailedOpen } from '../../formats/audit-event.ts';
import { parseAuditLine } from '../../formats/audit-event.ts';
import { layoutTable } from '../../formats/text-table.ts';
import { reasonOf } from '../../io/disk.ts';
import { fileLines } from '../../io/file-lines.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import { plural } from '../../model/quantity.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { plainOutput } from './outputs.ts';
import { usage } from './usage.ts';

/** Found requests that are kept for the report; more are counted. */
const mostTold = 10_000;

interface AuditReading {
  readonly found: FailedOpen[];
  events: number;
  count: number;
  /** Lines that are no audit events. */
  unread: number;
}

/** Exit 0 when every webhook answered, 1 when requests got in without, 3 when a part of the log could not be read. */
export async function failedOpen(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const output = plainOutput(values, context, 'admission failed-open');
  if (operands.length === 0)
    throw usage('failed-open needs audit logs of the API server', 'landwaiter admission failed-open audit.log');
  const reading: AuditReading = { found: [], events: 0, count: 0, unread: 0 };
  for (const name of operands) await read(name, reading, context);
  const { found, events, count, unread } = reading;
  if (events === 0 && unread === 0) context.log.warn('there are no audit events in what was read');
  const isComplete = unread === 0 && events > 0;
  if (output.form === 'json') {
    output.write(`${JSON.stringify({ events, unread, failedOpen: count, requests: found }, undefined, 2)}\n`);
    return !isComplete ? 3 : count > 0 ? 1 : 0;
  }
  const columns = [
    { title: 'WHEN' },
    { title: 'WEBHOOK' },
    { title: 'WHO', shrink: 'end' as const },
    { title: 'DID' },
    { title: 'OBJECT', shrink: 'end' as const },
  ];
  const rows = found.map(({ time, webhook, user, verb, resource, object }) => [
    time.slice(0, 19),
    webhook,
    user,
    `${verb} ${resource}`,
    object,
  ]);
  const more = count > found.length ? [`${count - found.length} more are not listed`] : [];
  const summary = `${plural(events, 'audit event')}: ${plural(count, 'request')} got in without an answer of a webhook`;
  output.write(
    `${[...(rows.length === 0 ? [] : layoutTable(columns, rows, undefined)), ...more, summary].join('\n')}\n`,
  );
  return !isComplete ? 3 : count > 0 ? 1 : 0;
}

async function read(name: string, reading: AuditReading, { cwd, log }: CommandContext): Promise<void> {
  const file = resolve(cwd, name);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `there is no file ${name}` });
  let told = 0;
  const passOver = (number: number, reason: string): void => {
    reading.unread += 1;
    if (told++ < 5) log.warn(`${name}:${number}: ${reason}; not looked at`);
  };
  try {
    for await (const { number, text } of fileLines(file, defaultLimits.kubeEventBytes)) {
      if (text === undefined) passOver(number, `more than ${defaultLimits.kubeEventBytes} bytes`);
      else if (text !== '') {
        const line = parseAuditLine(text);
        if (line.kind === 'none') passOver(number, line.reason);
        else {
          reading.events += line.events;
          reading.count += line.failedOpen.length;
          reading.found.push(...line.failedOpen.slice(0, mostTold - reading.found.length));
        }
      }
    }
  } catch (error) {
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `${name} cannot be read: ${reasonOf(error)}` });
  }
}
