// SPDX-License-Identifier: Apache-2.0
// Policies and settings of the admission commands, as the command line states them.
import { createHash, randomInt } from 'node:crypto';
import { LandwaiterError, messageOf } from '../../model/error.ts';
import type { Problem } from '../../model/problem.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import { noData } from '../../policy/data-provider.ts';
import type { CompileOptions, EngineData, EngineDocument } from '../../policy/engine.ts';
import { policyEngines } from '../../policy/engines.ts';
import type { PolicySet } from '../../policy/policy-set.ts';
import { compilePolicySet } from '../../policy/policy-set.ts';
import { dataOf } from '../policy/apply.ts';
import type { FileContents } from '../policy/policy-files.ts';
import { documentsOf, readFiles } from '../policy/policy-files.ts';
import { sortUntaken } from '../policy/untaken-policies.ts';
import { systemNamespaces } from '../server/admission/exemptions.ts';
import type { EnforcementMode, ReviewSettings } from '../server/admission/review.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { hardeningOf, warnOfProblems } from './policy-inputs.ts';

export interface ReadPolicies extends FileContents {
  /** Of everything that was read, and of what could not be: the same stamp, the same policies. */
  readonly stamp: string;
}

export interface LoadedPolicies {
  readonly set: PolicySet;
  /** Of reading, of compiling, and of policies that no engine takes. */
  readonly problems: readonly Problem[];
  /** Params, namespaces and the like that lie beside the policies. */
  readonly others: readonly EngineDocument[];
}

/** Throws USAGE when none are named, TARGET_NOT_FOUND for a name that leads nowhere. */
export async function readPolicies(context: CommandContext, values: FlagValues): Promise<ReadPolicies> {
  const names = values.list('policies');
  if (names.length === 0)
    throw new LandwaiterError({ code: 'USAGE', message: 'no policies are named', hint: '--policies FOLDER' });
  const read = await readFiles(names, context);
  const hash = createHash('sha256');
  for (const { path, content } of read.files) hash.update(`${path}\0${content.length}\0`).update(content);
  for (const { location, message } of read.problems) hash.update(`${location.path}\0${message}\0`);
  return { ...read, stamp: hash.digest('hex') };
}

export function compilePolicies({ clock }: CommandContext, files: ReadPolicies, values: FlagValues): LoadedPolicies {
  const read = documentsOf(files);
  const surroundings = { now: () => clock.now(), random: (below: number) => randomInt(below) };
  const settings = { unbound: 'apply', surroundings, ...compileSettings(values) } as const;
  const set = compilePolicySet(read.documents, policyEngines, settings);
  const { objects, problems } = sortUntaken(set.others);
  return { set, problems: [...read.problems, ...set.problems, ...problems], others: objects };
}

/** What whoever runs the webhook decides for all policies alike. Strict takes only exceptions of the namespaces that were named, also of those that lie in files. */
export function compileSettings(
  values: FlagValues,
): Pick<CompileOptions, 'keyTransparencyLog' | 'hardening' | 'exceptionNamespaces' | 'remember'> {
  const hardening = hardeningOf(values);
  return {
    keyTransparencyLog: values.text('key-transparency-log') === 'not-asked' ? 'not-asked' : 'required',
    hardening,
    ...(values.isSet('judge-anew') ? {} : { remember: 'passes' }),
    ...(hardening === 'strict' ? { exceptionNamespaces: values.list('exceptions-from') } : {}),
  };
}

/** As `readPolicies`; problems are told on the log. */
export async function loadPolicies(context: CommandContext, values: FlagValues): Promise<LoadedPolicies> {
  const loaded = compilePolicies(context, await readPolicies(context, values), values);
  warnOfProblems(context, loaded.problems);
  return loaded;
}

/** Whether some policy may not have been heard. */
export function isIncomplete({ problems }: LoadedPolicies): boolean {
  return problems.some(({ hidesFindings }) => hidesFindings);
}

/** What policies may look up: what lies beside them. */
export function engineDataOf(documents: readonly EngineDocument[]): EngineData {
  const secrets = documents.map(({ object }) => object).filter(({ kind }) => kind === 'Secret');
  // Keys and credentials that policies name. Of other kinds there are more in the cluster than here, so nobody is told that these are all.
  const objects: NonNullable<DataProvider['objects']> = (apiVersion, kind) =>
    apiVersion === 'v1' && kind === 'Secret' ? { kind: 'found', value: secrets } : { kind: 'unavailable' };
  return { ...dataOf(documents), provider: { ...noData, objects } };
}

/** Throws USAGE for a --mode-for that is none. */
export function reviewSettings(values: FlagValues): ReviewSettings {
  const fallback = (values.text('mode') ?? 'enforce') as EnforcementMode;
  const modes = new Map(values.list('mode-for').map(readMode));
  const namespaces = [
    ...systemNamespaces,
    values.text('service-namespace') ?? 'landwaiter-system',
    ...values.list('exempt-namespace'),
  ];
  return {
    exemptions: { namespaces: new Set(namespaces), usernames: new Set() },
    modeOf: (policy, namespace) =>
      modes.get(`${policy}@${namespace ?? ''}`) ??
      modes.get(`*@${namespace ?? ''}`) ??
      modes.get(`${policy}@`) ??
      modes.get('*@') ??
      fallback,
    onError: values.text('on-error') === 'allow' ? 'allow' : 'deny',
  };
}

function readMode(word: string): [string, EnforcementMode] {
  const found = /^([^@=\s]{1,253})(?:@([a-z0-9-]{1,63}))?=(enforce|warn|audit)$/.exec(word);
  if (found === null)
    throw new LandwaiterError({
      code: 'USAGE',
      message: `--mode-for takes POLICY[@NAMESPACE]=enforce|warn|audit; "${word}" is none`,
    });
  return [`${found[1] ?? ''}@${found[2] ?? ''}`, found[3] as EnforcementMode];
}

/** For logs: what kept policies from coming into force. */
export function reasonOf(error: unknown): string {
  return error instanceof LandwaiterError ? error.message : messageOf(error);
}
