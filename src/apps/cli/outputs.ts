// SPDX-License-Identifier: Apache-2.0
// Where reports go. `--output` takes a file (Trivy), a format (Syft, Grype) or FORMAT=FILE, several times.
import { realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { localDisk, reasonOf } from '../../io/disk.ts';
import { makeFolders } from '../../io/folders.ts';
import { LandwaiterError } from '../../model/error.ts';
import { nearest } from '../../model/nearest.ts';
import type { ReportEntry } from '../../report/index.ts';
import type { CombinedView, ReportOptions, ReportView } from '../../report/report.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext, FormatKind } from './command.ts';
import { formatsOf } from './formats.ts';
import { usage } from './usage.ts';

export interface OutputPlan {
  readonly report: ReportEntry;
  /** undefined: standard output. */
  readonly file: string | undefined;
}

/** Reads --format and --output. Throws USAGE for unknown formats and for two reports on standard output. */
export function planOutputs(values: FlagValues, kind: FormatKind, fallback: string): readonly OutputPlan[] {
  const named = values.text('format');
  const format = named === undefined ? undefined : findFormat(named, kind);
  const plans: OutputPlan[] = [];
  const files: string[] = [];
  for (const item of values.list('output')) {
    const equals = item.indexOf('=');
    const chosen = formatNamed(equals > 0 ? item.slice(0, equals) : item, kind);
    if (chosen === undefined) files.push(item);
    else plans.push({ report: chosen, file: equals > 0 ? item.slice(equals + 1) : undefined });
  }
  for (const file of files) plans.push({ report: format ?? findFormat(fallback, kind), file });
  if (plans.length === 0 || (format !== undefined && files.length === 0))
    plans.push({ report: format ?? findFormat(fallback, kind), file: undefined });
  const twice = plans.find(
    ({ file }, at) => file !== undefined && plans.some((plan, other) => other < at && plan.file === file),
  );
  if (twice !== undefined) {
    const message = `two reports cannot both go to ${twice.file}`;
    throw new LandwaiterError({ code: 'USAGE', message, hint: 'give each a file of its own' });
  }
  const onScreen = plans.filter((plan) => plan.file === undefined);
  if (onScreen.length > 1) {
    const names = onScreen.map((plan) => plan.report.id).join(' and ');
    throw new LandwaiterError({
      code: 'USAGE',
      message: `${names} cannot both go to standard output`,
      hint: 'give all but one a file: -o json=report.json',
    });
  }
  return plans;
}

/** Where a command writes that has texts of its own, and which of them is asked for. */
export interface PlainOutput<Form extends string = 'table' | 'json'> {
  readonly form: Form;
  readonly write: (text: string) => void;
}

/** For commands with one text for people and the same as JSON. Throws USAGE for anything else that is asked for. */
export function plainOutput(values: FlagValues, context: CommandContext, command: string): PlainOutput {
  return formedOutput(values, context, { command, forms: ['table', 'json'] });
}

/** For commands with texts in several forms, the first of which is for people. Throws USAGE for another one. */
export function formedOutput<Form extends string>(
  values: FlagValues,
  context: CommandContext,
  { command, forms }: { readonly command: string; readonly forms: readonly [Form, ...Form[]] },
): PlainOutput<Form> {
  const [item = '', ...more] = values.list('output');
  if (more.length > 0) throw usage(`${command} writes to one place`);
  const equals = item.indexOf('=');
  const word = equals > 0 ? item.slice(0, equals) : item;
  // Cosign calls it text.
  const formOf = (name: string): Form | undefined => (name === 'text' ? forms[0] : forms.find((form) => form === name));
  const chosen = formOf(word);
  const named = chosen ?? values.text('format') ?? forms[0];
  const form = chosen ?? formOf(named);
  const file = chosen === undefined ? item : equals > 0 ? item.slice(equals + 1) : '';
  if (form === undefined)
    throw usage(`${command} has no format "${named}"`, `it takes ${forms.slice(0, -1).join(', ')} or ${forms.at(-1)}`);
  const write = (text: string): void =>
    file === '' || file === '-' ? context.stdout.write(text) : writeWhole(resolve(context.cwd, file), file, text);
  return { form, write };
}

/** Writes every planned report. A file appears whole or not at all. */
export async function writeOutputs(
  plans: readonly OutputPlan[],
  view: ReportView,
  context: CommandContext,
  options: Omit<ReportOptions, 'width' | 'color'>,
): Promise<void> {
  for (const plan of plans) {
    const report = await plan.report.load();
    const isScreen = plan.file === undefined;
    const own = {
      ...options,
      width: isScreen ? context.stdout.width : undefined,
      color: isScreen && context.color,
    };
    if (plan.file !== undefined) writeWhole(resolve(context.cwd, plan.file), plan.file, report.write(view, own));
    else for (const part of report.writeInParts?.(view, own) ?? [report.write(view, own)]) context.stdout.write(part);
  }
}

/** The same for several targets in one report; every report of the plans must have a form for that. */
export async function writeCombined(
  plans: readonly OutputPlan[],
  all: CombinedView,
  context: CommandContext,
  options: Omit<ReportOptions, 'width' | 'color'>,
): Promise<void> {
  for (const { report, file } of plans) {
    const isScreen = file === undefined;
    const own = { ...options, width: isScreen ? context.stdout.width : undefined, color: isScreen && context.color };
    const text = (await report.load()).writeAll?.(all, own) ?? '';
    if (file === undefined) context.stdout.write(text);
    else writeWhole(resolve(context.cwd, file), file, text);
  }
}

/**
 * Writes to a file beside the target and renames it; what is no regular file (a device, a pipe) is written to as it is, because a rename
 * would put a file in its place. A link stays a link. Throws OUTPUT_FAILED.
 */
export function writeWhole(absolute: string, name: string, content: string | Uint8Array): void {
  try {
    makeFolders(dirname(absolute));
    const kind = localDisk.kindOf(absolute);
    if (kind === 'special') writeFileSync(absolute, content);
    else replaceFile(kind === undefined ? absolute : realpathSync(absolute), content);
  } catch (cause) {
    throw new LandwaiterError({ code: 'OUTPUT_FAILED', message: `could not write ${name}: ${reasonOf(cause)}`, cause });
  }
}

function replaceFile(absolute: string, content: string | Uint8Array): void {
  const temporary = `${absolute}.${process.pid}.part`;
  // `wx`: a file or link of this name is somebody else's.
  writeFileSync(temporary, content, { flag: 'wx' });
  try {
    renameSync(temporary, absolute);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function formatNamed(name: string, kind: FormatKind): ReportEntry | undefined {
  return formatsOf(kind).find((report) => report.id === name || report.aliases.includes(name));
}

function findFormat(name: string, kind: FormatKind): ReportEntry {
  const found = formatNamed(name, kind);
  if (found !== undefined) return found;
  const known = formatsOf(kind).flatMap((report) => [report.id, ...report.aliases]);
  const close = nearest(name, known);
  const hint = close === undefined ? `it takes ${known.join(', ')}` : `did you mean ${close}?`;
  throw new LandwaiterError({ code: 'USAGE', message: `there is no format "${name}" for this command`, hint });
}
