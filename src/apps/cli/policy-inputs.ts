// SPDX-License-Identifier: Apache-2.0
// What the policy commands are given: policies, objects they judge, objects they may look up.
import { randomInt } from 'node:crypto';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { LandwaiterError } from '../../model/error.ts';
import { formatLocation } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import { policyEngines } from '../../policy/engines.ts';
import type { PolicySet } from '../../policy/policy-set.ts';
import { compilePolicySet } from '../../policy/policy-set.ts';
import { readDocuments } from '../policy/policy-files.ts';
import { sortUntaken } from '../policy/untaken-policies.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

export interface PolicyInputs {
  readonly set: PolicySet;
  readonly resources: readonly KubernetesResource[];
  readonly known: readonly KubernetesResource[];
  /** Of reading, of compiling, and of documents that are policies of a dialect that nobody here speaks. */
  readonly problems: readonly Problem[];
  readonly files: number;
  readonly bytes: number;
}

/** Throws USAGE when no policy is named, TARGET_NOT_FOUND for a name that leads nowhere. */
export async function readPolicyInputs(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
  trace: 'on' | 'off' = 'off',
): Promise<PolicyInputs> {
  if (operands.length === 0)
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'policy needs the files or folders of policies',
      hint: 'landwaiter policy apply policies/ --resource manifests/',
    });
  const policies = await readDocuments(operands, context);
  const named = await readDocuments(values.list('resource'), context);
  const known = await readDocuments(values.list('known'), context);
  const surroundings = { now: () => context.clock.now(), random: (below: number) => randomInt(below) };
  const keyTransparencyLog = values.text('key-transparency-log') === 'not-asked' ? 'not-asked' : 'required';
  const options = { unbound: 'apply', trace, surroundings, keyTransparencyLog } as const;
  const set = compilePolicySet(policies.documents, policyEngines, options);
  const left = new Set<unknown>(set.others);
  const others = policies.documents.filter((document) => left.has(document));
  const untaken = sortUntaken(others);
  const isSeparate = values.list('resource').length > 0;
  const resources = isSeparate ? named.documents : untaken.objects;
  for (const { engine, documents, policies: compiled } of set.engines.filter((member) => member.documents.length > 0))
    context.log.info(`${engine.title}: ${documents.length} documents, ${compiled.length} policies`);
  return {
    set,
    resources,
    known: [...known.documents, ...(isSeparate ? untaken.objects : [])],
    problems: [...[policies, named, known].flatMap(({ problems }) => problems), ...set.problems, ...untaken.problems],
    files: policies.files + named.files + known.files,
    bytes: policies.bytes + named.bytes + known.bytes,
  };
}

/** Every problem on stderr; for commands whose report has no place for them. */
export function warnOfProblems({ log }: CommandContext, problems: readonly Problem[]): void {
  for (const problem of problems) log.warn(`${formatLocation(problem.location)}: ${problem.message}`);
}
