// SPDX-License-Identifier: Apache-2.0
// `landwaiter policy apply`: would the cluster take these objects, and what would its policies change, make and delete?
import { reportTime } from '../../io/clock.ts';
import type { Coverage } from '../../model/coverage.ts';
import type { Decision } from '../../model/decision.ts';
import { evidenceOf } from '../../model/evidence.ts';
import { GraphBuilder } from '../../model/graph.ts';
import { formatLocation } from '../../model/location.ts';
import type { PolicyRun } from '../../model/policy-run.ts';
import type { Problem } from '../../model/problem.ts';
import { plural } from '../../model/quantity.ts';
import { subjectOf } from '../../model/subject.ts';
import type { Verdict } from '../../model/verdict.ts';
import { programName, version } from '../../model/version.ts';
import { labelsOf } from '../../policy/admission-policy/match-resources.ts';
import { decide } from '../../verdict/decide.ts';
import type { Applied } from '../policy/apply.ts';
import { dataOf } from '../policy/apply.ts';
import { deletionsAmong, policyRunOf } from '../policy/policy-run.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { planOutputs, writeOutputs } from './outputs.ts';
import type { PolicyInputs } from './policy-inputs.ts';
import { readPolicyInputs } from './policy-inputs.ts';
import type { PolicySurroundings } from './policy-surroundings.ts';
import { judgeObjects, policySurroundings } from './policy-surroundings.ts';
import { thresholdOf } from './scan-filters.ts';
import { usage } from './usage.ts';

const producer = { name: programName, version };

export async function apply(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  refuseValuesAsFormat(values);
  const plans = planOutputs(values, 'policy', 'table');
  const start = context.clock.elapsed();
  const observedAt = reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']);
  const inputs = await readPolicyInputs(context, operands, values);
  const { problems, files, bytes } = inputs;
  const target = `policies:${operands.join(',')}`;
  const subject = subjectOf('source-tree', target, target);
  const graph = new GraphBuilder();
  graph.addSubject(subject);
  const coverage: Coverage = { filesSeen: files, filesRead: files, bytesRead: bytes, skipped: [], problems };
  const base = { subject: subject.id, producer, source: target, observedAt, trust: 'observed' } as const;
  const evidence = graph.addEvidence(evidenceOf<'coverage'>({ ...base, kind: 'coverage', body: coverage }));
  const origin = { subject: subject.id, evidence: [evidence.id] };
  const surroundings = policySurroundings(context, values, inputs);
  const applied = await judgeObjects(context, values, { inputs, options: { ...surroundings, ...origin } });
  const { run, undecided } = planned(context, { inputs, applied, surroundings });
  for (const decision of applied.decisions) graph.addDecision(decision);
  for (const message of undecided) graph.addDecision(undecidedDeletion(message, origin));
  const threshold = thresholdOf(values, 'high');
  context.log.debug(
    `${plural(run.policies, 'policy', 'policies')} judged ${plural(run.objects, 'object')}: ${plural(run.results.length, 'decision')}`,
  );
  const recognised = run.policies * run.objects;
  const bySeverity = decide(graph.decisions, { threshold, coverage: [coverage], recognised });
  const verdict = told(values.text('fail-on') === undefined ? withRefusals(bySeverity, run) : bySeverity, run);
  const view = {
    graph,
    target: { target, kind: 'policies', name: operands.join(' '), version: '', subject: subject.id },
    tool: producer,
    createdAt: observedAt,
    verdict,
    scanners: new Set(['policy']),
    policyRun: run,
    elapsed: context.clock.elapsed() - start,
  };
  tellProblems(context, { problems, verdict, isReported: plans.some(({ report }) => !ofObjects.includes(report.id)) });
  await writeOutputs(plans, view, context, { showSuppressed: values.isSet('show-suppressed'), threshold });
  return verdict.exitCode === 1 ? (values.number('exit-code') ?? 1) : verdict.exitCode;
}

/** -f is the values file of Kyverno's command line. Throws USAGE. */
function refuseValuesAsFormat(values: FlagValues): void {
  const format = values.text('format');
  if (format !== undefined && /\.ya?ml$/i.test(format))
    throw usage(`-f is --format here, and ${format} is none`, `a file of values: --values ${format}`);
}

/** Reports that are objects of a cluster: what could not be looked at has no place there. */
const ofObjects: readonly string[] = ['openreports', 'policy-report', 'objects'];

interface Telling {
  readonly problems: readonly Problem[];
  readonly verdict: Verdict;
  readonly isReported: boolean;
}

/** On stderr: remarks on policies, and what no report tells. That policies do more than judge is no remark; the report says what. */
function tellProblems({ log }: CommandContext, { problems, verdict, isReported }: Telling): void {
  for (const { kind, location, message, hidesFindings } of problems) {
    const line = `${formatLocation(location)}: ${message}`;
    if (hidesFindings && !isReported) log.error(line);
    if (!hidesFindings && kind !== 'unsupported') log.warn(line);
  }
  if (!isReported && verdict.exitCode === 3) log.error(`${verdict.state}: ${verdict.reason}`);
}

interface Planning {
  readonly inputs: PolicyInputs;
  readonly applied: Applied;
  readonly surroundings: PolicySurroundings;
}

/** The run with what the policies would do besides judging; `undecided`: deletions of which nobody can tell. */
function planned(
  { clock }: CommandContext,
  { inputs: { set, resources }, applied, surroundings: { provider, known, values } }: Planning,
): { readonly run: PolicyRun; readonly undecided: readonly string[] } {
  const { cluster } = dataOf([...resources, ...known], values);
  const { deletions, errors } = deletionsAmong(set, resources, {
    now: clock.now(),
    provider,
    namespaceLabels: (namespace) => labelsOf(cluster.namespace(namespace)),
  });
  return { run: policyRunOf(set, resources, { applied, deletions }), undecided: errors };
}

function undecidedDeletion(message: string, origin: Pick<Decision, 'subject' | 'evidence'>): Decision {
  return { ...origin, rule: 'policy/deletion', outcome: 'error', severity: 'high', locations: [], message };
}

/** Where nobody said from which severity on something counts, what a cluster would refuse counts, whatever severity its policy states. */
function withRefusals(verdict: Verdict, { results }: PolicyRun): Verdict {
  const refused = results.filter(({ outcome, effect }) => outcome === 'fail' && effect === 'deny').length;
  if (refused === 0 || verdict.exitCode === 1) return verdict;
  return {
    ...verdict,
    state: 'findings',
    exitCode: 1,
    reason: `${plural(refused, 'finding')} for which a cluster would refuse the object`,
  };
}

/** A run over nothing finds nothing, which is to be said in words of this command. */
function told(verdict: Verdict, { policies, objects }: PolicyRun): Verdict {
  if (verdict.state !== 'empty') return verdict;
  if (policies === 0) return { ...verdict, reason: 'none of the policies judges what is sent to a cluster' };
  return objects > 0 ? verdict : { ...verdict, reason: 'there are no objects to judge; --resource names some' };
}
