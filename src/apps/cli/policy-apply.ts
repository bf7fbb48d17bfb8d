// SPDX-License-Identifier: Apache-2.0
// `landwaiter policy apply`: would the cluster take these objects?
import { resolve } from 'node:path';
import { reportTime } from '../../io/clock.ts';
import type { Coverage } from '../../model/coverage.ts';
import { LandwaiterError } from '../../model/error.ts';
import { evidenceOf } from '../../model/evidence.ts';
import { GraphBuilder } from '../../model/graph.ts';
import { subjectOf } from '../../model/subject.ts';
import { programName, version } from '../../model/version.ts';
import type { Operation } from '../../policy/admission-policy/request.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import { decide } from '../../verdict/decide.ts';
import type { SettlingProvider } from '../policy/apply.ts';
import { applyPolicies, applyPoliciesAsking } from '../policy/apply.ts';
import { knownObjectsProvider } from '../policy/known-objects.ts';
import { readManifests } from '../policy/manifest-files.ts';
import type { UserFile } from '../policy/user-info.ts';
import { readUserFile } from '../policy/user-info.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { planOutputs, writeOutputs } from './outputs.ts';
import { readPolicyInputs } from './policy-inputs.ts';
import { thresholdOf } from './scan-filters.ts';

const producer = { name: programName, version };

export async function apply(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const plans = planOutputs(values, 'scan', 'table');
  const start = context.clock.elapsed();
  const observedAt = reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']);
  const { set, resources, known, problems, files, bytes } = await readPolicyInputs(context, operands, values);
  const target = `policies:${operands.join(',')}`;
  const subject = subjectOf('source-tree', target, target);
  const graph = new GraphBuilder();
  graph.addSubject(subject);
  const coverage: Coverage = { filesSeen: files, filesRead: files, bytesRead: bytes, skipped: [], problems };
  const base = { subject: subject.id, producer, source: target, observedAt, trust: 'observed' } as const;
  const evidence = graph.addEvidence(evidenceOf<'coverage'>({ ...base, kind: 'coverage', body: coverage }));
  const atHand = [...resources, ...known, ...set.engines.flatMap(({ documents }) => documents)].map(
    ({ object }) => object,
  );
  const user = userOf(context, values);
  const objectsAtHand: DataProvider = {
    ...knownObjectsProvider({ objects: () => atHand, knowledge: 'partial' }),
    ...(user === undefined ? {} : { rolesOf: () => user }),
  };
  const options = {
    operation: (values.text('operation') ?? 'CREATE') as Operation,
    known,
    subject: subject.id,
    evidence: [evidence.id],
    ...(user === undefined ? {} : { userInfo: user.userInfo }),
    provider: objectsAtHand,
  };
  const { decisions } = values.isSet('registry')
    ? await applyPoliciesAsking(set, resources, {
        ...options,
        provider: await registryProvider(context, values, objectsAtHand),
      })
    : applyPolicies(set, resources, options);
  for (const decision of decisions) graph.addDecision(decision);
  const threshold = thresholdOf(values, 'high');
  const rules = set.engines.reduce((sum, { policies }) => sum + policies.length, 0);
  context.log.info(`${rules} policies judged ${resources.length} objects: ${decisions.length} decisions`);
  const verdict = decide(graph.decisions, { threshold, coverage: [coverage], recognised: rules * resources.length });
  const view = {
    graph,
    target: { target, kind: 'policies', name: operands.join(' '), version: '', subject: subject.id },
    tool: producer,
    createdAt: observedAt,
    verdict,
    scanners: new Set(['policy']),
    elapsed: context.clock.elapsed() - start,
  };
  await writeOutputs(plans, view, context, { showSuppressed: values.isSet('show-suppressed'), threshold });
  return verdict.exitCode === 1 ? (values.number('exit-code') ?? 1) : verdict.exitCode;
}

/** Throws USAGE for a file that does not say who asks. */
function userOf({ cwd }: CommandContext, values: FlagValues): UserFile | undefined {
  const name = values.text('userinfo');
  if (name === undefined) return undefined;
  const { documents, problems } = readManifests(resolve(cwd, name));
  const user = readUserFile(documents);
  if (user !== undefined) return user;
  const message = `${name} does not say who asks: ${problems[0]?.message ?? 'it needs userInfo.username'}`;
  throw new LandwaiterError({ code: 'USAGE', message });
}

/** Registries are asked only where somebody said so. */
async function registryProvider(
  context: CommandContext,
  values: FlagValues,
  objects: DataProvider,
): Promise<SettlingProvider> {
  const { openImageLookups } = await import('./image-policy-lookups.ts');
  return { ...objects, ...openImageLookups(context, values) };
}
