// SPDX-License-Identifier: Apache-2.0
// `landwaiter provenance generate`: provenance v1 of the build that this runs in. Says on stderr which level it can show, and why not more.
import { basename } from 'node:path';
import type { BuildDescription, GitRevision } from '../../evidence/provenance/generate/ci-system.ts';
import { describeLocalBuild } from '../../evidence/provenance/generate/local-build.ts';
import type { ProvenanceSubject } from '../../evidence/provenance/generate/statement.ts';
import { provenancePredicate, provenanceStatement } from '../../evidence/provenance/generate/statement.ts';
import { ciSystems, detectCiSystem } from '../../evidence/provenance/generate/systems.ts';
import { sourceLocation } from '../../evidence/provenance/source-uri.ts';
import { reportTime } from '../../io/clock.ts';
import { openGitRepository } from '../../io/git.ts';
import { RegistryError } from '../../io/registry/outcome.ts';
import { programName, version } from '../../model/version.ts';
import { openOperand } from '../provenance/artifact.ts';
import { resolveSubject } from '../signatures/verify-image.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { formedOutput } from './outputs.ts';
import { openProofPlace } from './proof-place.ts';
import { usage } from './usage.ts';

/** What a document is written as: the whole statement, or what `attest` takes as its predicate. */
export const statementForms = ['statement', 'predicate'] as const;

export async function runGenerate(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const { form, write } = formedOutput(values, context, { command: 'provenance generate', forms: statementForms });
  if (operands.length === 0 && form === 'statement')
    throw usage('no artifact is named', 'landwaiter provenance generate dist/app.tar.gz, or --format predicate');
  const build = await describeBuild(context, values);
  const builderId = values.text('builder-id');
  const predicate = provenancePredicate({
    build,
    ...(builderId === undefined ? {} : { builderId }),
    generator: { name: programName, version },
    finishedOn: reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']),
  });
  const subjects: ProvenanceSubject[] = [];
  for (const operand of operands) subjects.push(await subjectOf(context, operand, values));
  const document = form === 'predicate' ? predicate : provenanceStatement(subjects, predicate);
  write(`${JSON.stringify(document, undefined, 2)}\n`);
  context.log.info(`SLSA build level ${build.level.most} at most once it is signed: ${build.level.reason}`);
  return 0;
}

async function describeBuild(context: CommandContext, values: FlagValues): Promise<BuildDescription> {
  const { environment } = context;
  const named = values.text('ci');
  const system = named === undefined ? detectCiSystem(environment) : ciSystems.find(({ id }) => id === named);
  if (system === undefined) return describeLocal(context, values);
  const build = system.describe(environment);
  if ('missing' in build)
    throw usage(`${system.title} is named or detected, but these variables are not set: ${build.missing.join(', ')}`);
  return build;
}

async function describeLocal(context: CommandContext, values: FlagValues): Promise<BuildDescription> {
  return describeLocalBuild({
    source: await localRevision(context, values),
    command: values.text('build-command'),
    invocationId: undefined,
  });
}

/** The commit that is checked out, or what the user names. Without either, nothing is claimed. */
async function localRevision(context: CommandContext, values: FlagValues): Promise<GitRevision | undefined> {
  const uri = values.text('source-uri');
  const located = uri === undefined ? undefined : sourceLocation(uri);
  if (uri !== undefined && located === undefined) throw usage(`--source-uri "${uri}" is no address of a source`);
  const commit = values.text('source-digest') ?? (await checkedOutCommit(context));
  if (commit === undefined) return undefined;
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) throw usage(`--source-digest "${commit}" is no commit`);
  return {
    repository: located === undefined ? undefined : `https://${located.location}`,
    ref: values.text('source-ref') ?? located?.ref,
    commit,
  };
}

async function checkedOutCommit({ cwd, environment, log }: CommandContext): Promise<string | undefined> {
  try {
    return await openGitRepository(cwd, environment).resolveCommit('HEAD');
  } catch {
    log.info('no git repository here: name the commit with --source-digest, or the provenance has no source');
    return undefined;
  }
}

/** Subject of a statement. Throws what opening the operand comes to. */
export async function subjectOf(
  context: CommandContext,
  operand: string,
  values: FlagValues,
): Promise<ProvenanceSubject> {
  const opened = await openOperand(operand, context.cwd);
  if (opened.kind === 'commit') throw usage('a build does not produce a commit');
  // The strongest usual digest is enough; verifiers compare every one that is stated.
  if (opened.kind !== 'image')
    return {
      name: opened.kind === 'file' ? basename(opened.name) : opened.name,
      digests: opened.artifact.digests.slice(0, 1),
    };
  if (opened.digest !== undefined) return { name: imageName(opened.name), digests: [opened.digest] };
  const place = openProofPlace(context, opened.place, values);
  try {
    const found = await resolveSubject(place.images, { name: place.manifest });
    if (found.kind === 'unknown') throw new RegistryError(found);
    if (found.kind === 'none')
      throw new RegistryError({ code: 'REGISTRY_INVALID', reason: `${opened.name}: there is no such image` });
    return { name: imageName(opened.name), digests: [found.value.digest] };
  } finally {
    place.close();
  }
}

/** Repository without tag and digest, as builders write subjects. */
function imageName(name: string): string {
  return name.replace(/@sha256:[0-9a-f]{64}$/, '').replace(/:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, '');
}
