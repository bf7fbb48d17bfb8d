// SPDX-License-Identifier: Apache-2.0
// `landwaiter manifests PATH`: faults of manifests, charts, kustomizations, Dockerfiles and Compose files, patches for them (--fix), and how secrets
// are managed (--secrets-management).
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ConfigurationChecking } from '../../../evidence/misconfiguration/check-configuration.ts';
import { checkConfiguration, isConfigurationFile } from '../../../evidence/misconfiguration/check-configuration.ts';
import type { FileNames } from '../../../evidence/misconfiguration/file-names.ts';
import type { ManifestProfile } from '../../../evidence/misconfiguration/manifest-check.ts';
import type { RepositoryFile } from '../../../evidence/misconfiguration/secrets-management/plain-files.ts';
import { chartFolders } from '../../../formats/helm/chart.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import { buildKustomization, kustomizationRoots } from '../../../formats/kustomize/build.ts';
import { decodeText } from '../../../formats/text.ts';
import { applyFixes, printPatch } from '../../../formats/unified-patch.ts';
import type { Decision } from '../../../model/decision.ts';
import { LandwaiterError } from '../../../model/error.ts';
import type { Problem } from '../../../model/problem.ts';
import { reachesSeverity } from '../../../model/severity.ts';
import type { Fix } from '../../../model/text-edit.ts';
import { selectManifestChecks } from '../../misconfiguration/manifest-selection.ts';
import { renderManifests } from '../../misconfiguration/render-manifests.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { fileNamesFrom } from '../file-patterns.ts';
import { openForInspection } from '../inspect-target.ts';
import type { ManifestReport } from '../manifest-output.ts';
import { printManifestJson, printManifestTable, printSecretsTable } from '../manifest-output.ts';
import { writeWhole } from '../outputs.ts';
import { thresholdOf } from '../scan-filters.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [target = '.', ...more] = operands;
  if (more.length > 0) throw new LandwaiterError({ code: 'USAGE', message: 'manifests takes one target' });
  const format = values.text('format') ?? 'table';
  if (format !== 'table' && format !== 'json')
    throw new LandwaiterError({
      code: 'USAGE',
      message: `manifests has no format "${format}"`,
      hint: 'it takes table, json',
    });
  const names = await fileNamesFrom(values);
  const read = await readFiles(context, target, { values, names });
  const judge = judgeOf(context, { values, names }, await renderedOf(context, values, read));
  if (values.isSet('fix')) return writeFixes(context, values, { read, judge });
  const { checking, problems } = judge(read.files);
  const wanted = values.list('severity');
  const failed = checking.decisions.filter(
    ({ outcome, suppressed, severity }) =>
      outcome === 'fail' && suppressed === undefined && (wanted.length === 0 || wanted.includes(severity)),
  );
  const report: ManifestReport = {
    target: read.target,
    checking,
    failed,
    secrets: checking.secrets,
    problems: [...read.problems, ...problems, ...checking.problems],
  };
  const isAudit = values.isSet('secrets-management');
  const { width } = context.stdout;
  context.stdout.write(
    format === 'json'
      ? printManifestJson(report)
      : isAudit
        ? printSecretsTable(report, width)
        : printManifestTable(report, width),
  );
  return exitOf(values, report, isAudit ? 'secrets' : 'faults');
}

function exitOf(values: FlagValues, report: ManifestReport, about: 'secrets' | 'faults'): number {
  const threshold = thresholdOf(values, 'high');
  const isOver =
    about === 'secrets'
      ? report.secrets.length > 0
      : threshold !== undefined && report.failed.some(({ severity }) => reachesSeverity(severity, threshold));
  if (isOver) return values.number('exit-code') ?? 1;
  const isPartial = report.checking.decisions.some(({ outcome }) => outcome === 'error');
  return isPartial || report.problems.some(({ hidesFindings }) => hidesFindings) ? 3 : 0;
}

interface ReadFiles {
  readonly target: string;
  /** Folder on this machine; absent for a revision. */
  readonly place: string | undefined;
  readonly files: readonly RepositoryFile[];
  readonly problems: readonly Problem[];
}

interface Asked {
  readonly values: FlagValues;
  readonly names: FileNames;
}

async function readFiles(context: CommandContext, target: string, { values, names }: Asked): Promise<ReadFiles> {
  const opened = await openForInspection(context, target, { values });
  if (opened.kind !== 'source') {
    if (opened.kind === 'image') opened.close();
    throw new LandwaiterError({
      code: 'TARGET_UNSUPPORTED',
      message: `${target} has no manifests`,
      hint: 'name a folder or a git repository: landwaiter manifests .',
    });
  }
  const files: RepositoryFile[] = [];
  const problems: Problem[] = [];
  const coverage = await opened.source.visit({
    wants: (path) => isConfigurationFile(path, names) && !/(?:^|\/)node_modules\//.test(path),
    take: ({ path, bytes }) => {
      const { text, problems: encoding } = decodeText(bytes, path);
      files.push({ path, text });
      problems.push(...encoding);
    },
  });
  context.progress.done();
  return {
    target: opened.source.target,
    place: opened.source.kind === 'directory' ? opened.place : undefined,
    files,
    problems: [...coverage.problems, ...problems],
  };
}

type Rendered = ReadonlyMap<string, readonly KubernetesResource[]>;

/** Charts and kustomizations that programs rendered, where it is asked for. */
async function renderedOf(context: CommandContext, values: FlagValues, { place, files }: ReadFiles): Promise<Rendered> {
  const rendered = new Map<string, readonly KubernetesResource[]>();
  if (!values.isSet('render')) return rendered;
  if (place === undefined)
    throw new LandwaiterError({ code: 'USAGE', message: '--render needs a folder, not a revision' });
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const reader = { read: (path: string) => texts.get(path) };
  const paths = [...texts.keys()];
  const requests = [
    ...chartFolders(paths).map((folder) => ({ kind: 'helm' as const, folder, remote: [] })),
    ...kustomizationRoots(paths, reader).map((folder) => {
      const { remote } = buildKustomization(folder, reader);
      return { kind: 'kustomize' as const, folder, remote };
    }),
  ];
  for (const request of requests) {
    const { environment } = context;
    const directory = join(place, request.folder);
    const { resources, problems } = await renderManifests({ ...request, directory, environment });
    if (resources !== undefined) rendered.set(request.folder, resources);
    for (const { message } of problems) context.log.warn(`${request.folder === '' ? '.' : request.folder}: ${message}`);
  }
  return rendered;
}

interface Judged {
  readonly checking: ConfigurationChecking;
  readonly problems: readonly Problem[];
}

type Judge = (files: readonly RepositoryFile[]) => Judged;

function judgeOf(context: CommandContext, { values, names }: Asked, rendered: Rendered): Judge {
  const profile = (values.text('misconfig-profile') ?? 'landwaiter') as ManifestProfile;
  const named = values.text('misconfig-config');
  const configuration =
    named === undefined ? undefined : { path: named, text: readFileSync(resolve(context.cwd, named), 'utf8') };
  const { checks, annotations, problems } = selectManifestChecks(
    profile,
    configuration,
    values.isSet('include-deprecated-checks') ? 'included' : 'left out',
  );
  const today = new Date(context.clock.now()).toISOString().slice(0, 10);
  return (files) => ({
    checking: checkConfiguration(files, {
      subject: '',
      evidence: [],
      profile,
      checks,
      annotations,
      today,
      rendered,
      names,
    }),
    problems,
  });
}

/** A fix may need another to stand (two members of one new mapping), so files are judged again until nothing is left to fix. */
const mostRounds = 30;

function writeFixes(
  context: CommandContext,
  values: FlagValues,
  { read, judge }: { readonly read: ReadFiles; readonly judge: Judge },
): number {
  if (values.isSet('write') && read.place === undefined)
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'a revision cannot be changed',
      hint: 'leave out --write and apply the patch',
    });
  let files = read.files;
  let count = 0;
  for (let round = 0; round < mostRounds; round += 1) {
    const texts = new Map(files.map(({ path, text }) => [path, text]));
    const fixes = apart(fixesOf(judge(files).checking.decisions, values));
    const applied = applyFixes(fixes, (path) => texts.get(path));
    if (applied.texts.size === 0) break;
    count += applied.applied.length;
    files = files.map(({ path, text }) => ({ path, text: applied.texts.get(path) ?? text }));
  }
  let changed = 0;
  for (const [index, { path, text }] of files.entries()) {
    const before = read.files[index]?.text ?? '';
    if (before === text) continue;
    changed += 1;
    if (values.isSet('write')) writeWhole(join(read.place ?? '', path), path, text);
    else context.stdout.write(printPatch(path, before, text));
  }
  context.stderr.write(`${count} fixes in ${changed} files${values.isSet('write') ? ' written' : ''}\n`);
  return 0;
}

function fixesOf(decisions: readonly Decision[], values: FlagValues): readonly Fix[] {
  return decisions.flatMap(({ outcome, suppressed, finding }) => {
    if (outcome !== 'fail' || suppressed !== undefined || finding?.kind !== 'misconfiguration') return [];
    const { fix } = finding;
    return fix !== undefined && (fix.safety === 'safe' || values.isSet('unsafe-fixes')) ? [fix] : [];
  });
}

/** One edit for each place: two that add the same parent would add it twice. */
function apart(fixes: readonly Fix[]): readonly Fix[] {
  const taken = new Set<string>();
  return fixes.filter(({ edits }) => {
    const places = edits.map(({ path, start }) => `${path}:${start}`);
    if (places.some((place) => taken.has(place))) return false;
    for (const place of places) taken.add(place);
    return true;
  });
}
