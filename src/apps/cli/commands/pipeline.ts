// SPDX-License-Identifier: Apache-2.0
// `landwaiter pipeline PATH`: what is wrong with the build pipelines of a target, who can reach what through them (--map), and fixes (--fix, --pin).
import { basename, join, resolve } from 'node:path';
import type { PipelineAudit, PipelineProfile } from '../../../evidence/pipelines/audit.ts';
import { auditPipelines } from '../../../evidence/pipelines/audit.ts';
import type { ActionAdvisories } from '../../../evidence/pipelines/github/action-advisories.ts';
import { manifestResources } from '../../../evidence/pipelines/manifest-resources.ts';
import { buildPipelineMap } from '../../../evidence/pipelines/map/build-map.ts';
import { printMapHtml } from '../../../evidence/pipelines/map/map-html.ts';
import { printMapJson } from '../../../evidence/pipelines/map/map-json.ts';
import { printMapSvg } from '../../../evidence/pipelines/map/map-svg.ts';
import { printMapTable } from '../../../evidence/pipelines/map/map-table.ts';
import type { OutsiderPath } from '../../../evidence/pipelines/map/outsider-paths.ts';
import { outsiderPaths } from '../../../evidence/pipelines/map/outsider-paths.ts';
import type { PipelineMap } from '../../../evidence/pipelines/map/pipeline-map.ts';
import { PipelineSet } from '../../../evidence/pipelines/pipeline-set.ts';
import { applyFixes, printPatch } from '../../../formats/unified-patch.ts';
import { LandwaiterError, messageOf } from '../../../model/error.ts';
import type { PipelineFinding, PipelinePersona } from '../../../model/pipeline-finding.ts';
import { reachesSeverity } from '../../../model/severity.ts';
import { actionAdvisories, isPartialOnActions } from '../../action-advisories.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { openLookup } from '../database.ts';
import { writeWhole } from '../outputs.ts';
import type { PipelineFiles } from '../pipeline-files.ts';
import { readPipelineFiles } from '../pipeline-files.ts';
import type { PipelineReport } from '../pipeline-output.ts';
import { printPipelineJson, printPipelineSarif, printPipelineTable } from '../pipeline-output.ts';
import { readLock, writePins } from '../pipeline-pins.ts';
import { namesOf, thresholdOf } from '../scan-filters.ts';

const findingFormats = ['table', 'json', 'sarif'] as const;
const mapFormats = ['table', 'json', 'svg', 'html'] as const;

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [target = '.', ...more] = operands;
  if (more.length > 0)
    throw new LandwaiterError({ code: 'USAGE', message: 'pipeline takes one target', hint: 'landwaiter pipeline .' });
  const output = outputOf(context, values);
  const start = context.clock.elapsed();
  const read = await readPipelineFiles(context, target, values);
  const lock = readLock(context, values, read);
  const persona = values.text('persona') as PipelinePersona | undefined;
  const profile = values.text('profile') as PipelineProfile | undefined;
  const verified = namesOf(values, 'verified-creators').map((name) => name.toLowerCase());
  const database = await openActionAdvisories(context, values);
  const audit = await auditPipelines(read.files, {
    ...(database === undefined ? {} : { advisories: database }),
    ...(persona === undefined ? {} : { persona }),
    ...(profile === undefined ? {} : { profile }),
    ...(verified.length === 0 ? {} : { verifiedCreators: new Set(verified) }),
    ...(lock === undefined ? {} : { lock }),
    ephemeralRunners: new Set(namesOf(values, 'ephemeral-runners')),
  });
  if (values.isSet('pin'))
    return (await writePins(context, { values, read, pipelines: audit.pipelines, known: lock })) === 0 ? 0 : 3;
  if (values.isSet('fix')) return writeFixes(context, values, { read, audit });
  const map = buildPipelineMap(new PipelineSet(audit.pipelines), manifestResources(read.files));
  const paths = outsiderPaths(map);
  const report = reportOf(values, { read, audit, paths, elapsed: context.clock.elapsed() - start });
  if (!values.isSet('map')) {
    const { form } = output;
    output.write(
      form === 'json'
        ? printPipelineJson(report)
        : form === 'sarif'
          ? printPipelineSarif(report)
          : printPipelineTable(report, output.width),
    );
    return report.exitCode;
  }
  output.write(printMap(map, paths, { form: output.form, target: titleOf(read), width: output.width }));
  return report.problems.some(({ hidesFindings }) => hidesFindings)
    ? 3
    : paths.some(({ guard }) => guard === undefined)
      ? 1
      : 0;
}

/** Without a database the audit says that it did not look; a database the user names must be there. */
async function openActionAdvisories(
  context: CommandContext,
  values: FlagValues,
): Promise<ActionAdvisories | undefined> {
  try {
    const lookup = await openLookup(context, values);
    if (isPartialOnActions(lookup))
      context.log.debug('the advisory database has only a sample of the advisories of actions');
    return actionAdvisories(lookup);
  } catch (error) {
    if (values.text('database') !== undefined) throw error;
    context.log.debug(messageOf(error));
    return undefined;
  }
}

interface Run {
  readonly read: PipelineFiles;
  readonly audit: PipelineAudit;
  readonly paths: readonly OutsiderPath[];
  readonly elapsed: number;
}

function reportOf(values: FlagValues, { read, audit, paths, elapsed }: Run): PipelineReport {
  const wanted = values.list('severity');
  const findings = audit.findings.filter(({ severity }) => wanted.length === 0 || wanted.includes(severity));
  const problems = [...read.problems, ...audit.problems];
  const threshold = thresholdOf(values, 'high');
  const isOver = threshold !== undefined && findings.some(({ severity }) => reachesSeverity(severity, threshold));
  const exitCode = isOver
    ? (values.number('exit-code') ?? 1)
    : problems.some(({ hidesFindings }) => hidesFindings)
      ? 3
      : 0;
  return {
    target: read.target,
    audit,
    findings,
    problems,
    paths,
    filesSeen: read.filesSeen,
    elapsed,
    exitCode,
    threshold,
  };
}

/** The folder by its name; `dir:.` says nothing to who reads the page later. */
function titleOf({ place, target }: PipelineFiles): string {
  return place === undefined ? target : basename(place) || target;
}

function printMap(
  map: PipelineMap,
  paths: readonly OutsiderPath[],
  { form, target, width }: { readonly form: string; readonly target: string; readonly width: number | undefined },
): string {
  if (form === 'json') return printMapJson(map, paths);
  if (form === 'svg') return printMapSvg(map, paths);
  return form === 'html' ? printMapHtml(map, paths, target) : printMapTable(map, paths, width);
}

interface Output {
  readonly form: string;
  readonly width: number | undefined;
  readonly write: (text: string) => void;
}

/** One form, to the screen or to one file. Throws USAGE. */
function outputOf(context: CommandContext, values: FlagValues): Output {
  const forms: readonly string[] = values.isSet('map') ? mapFormats : findingFormats;
  const [item = '', ...more] = values.list('output');
  if (more.length > 0) throw new LandwaiterError({ code: 'USAGE', message: 'pipeline writes to one place' });
  const equals = item.indexOf('=');
  const word = equals > 0 ? item.slice(0, equals) : item;
  const isForm = forms.includes(word);
  const file = isForm ? (equals > 0 ? item.slice(equals + 1) : '') : item;
  const byName = values.isSet('map') ? /\.(svg|html|json)$/.exec(file)?.[1] : undefined;
  const form = isForm ? word : (values.text('format') ?? byName ?? 'table');
  if (!forms.includes(form)) {
    const hint = `it takes ${forms.join(', ')}${values.isSet('map') ? '' : '; svg and html are pictures of the map (--map)'}`;
    throw new LandwaiterError({
      code: 'USAGE',
      message: `pipeline${values.isSet('map') ? ' --map' : ''} has no format "${form}"`,
      hint,
    });
  }
  const write = (text: string): void =>
    file === '' ? context.stdout.write(text) : writeWhole(resolve(context.cwd, file), file, text);
  return { form, width: file === '' ? context.stdout.width : undefined, write };
}

/** Prints a patch, or changes the files. Unsafe fixes only when asked for. */
function writeFixes(
  context: CommandContext,
  values: FlagValues,
  { read, audit }: { readonly read: PipelineFiles; readonly audit: PipelineAudit },
): number {
  const textAt = (path: string): string | undefined => read.files.find((file) => file.path === path)?.text;
  const fixes = audit.findings.flatMap(({ fix }: PipelineFinding) => (fix === undefined ? [] : [fix]));
  const wanted = fixes.filter(({ safety }) => safety === 'safe' || values.isSet('unsafe-fixes'));
  const { texts, applied, conflicting } = applyFixes(wanted, textAt);
  if (values.isSet('write') && read.place === undefined)
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'a revision cannot be changed',
      hint: 'leave out --write and apply the patch',
    });
  for (const [path, text] of texts) {
    if (values.isSet('write')) writeWhole(join(read.place ?? '', path), path, text);
    else context.stdout.write(printPatch(path, textAt(path) ?? '', text));
  }
  const left = fixes.length - wanted.length;
  const notes = [
    conflicting.length === 0 ? '' : `${conflicting.length} overlap others: run it again`,
    left === 0 ? '' : `${left} may change what a pipeline does: --unsafe-fixes`,
  ];
  context.stderr.write(
    `${applied.length} fixes in ${texts.size} files${values.isSet('write') ? ' written' : ''}${notes
      .filter((note) => note !== '')
      .map((note) => `; ${note}`)
      .join('')}\n`,
  );
  return 0;
}
