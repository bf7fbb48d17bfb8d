// SPDX-License-Identifier: Apache-2.0
// What `admission control` does in the background, as the command line states it: scans with reports, what policies write, and what they delete.
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { systemPace } from '../../io/kube/pace.ts';
import { storedFolder } from '../../io/stored-files.ts';
import { messageOf } from '../../model/error.ts';
import type { AdmissionRequest } from '../../policy/admission-policy/request.ts';
import type { EngineData } from '../../policy/engine.ts';
import type { PolicySet, SetOutcome } from '../../policy/policy-set.ts';
import { Asking } from '../server/admission/asking/asking.ts';
import { DecisionLog } from '../server/admission/decision-log.ts';
import { systemNamespaces } from '../server/admission/exemptions.ts';
import { BackgroundScan } from '../server/cluster/background/background-scan.ts';
import type { ToldWrite } from '../server/cluster/background/background-writes.ts';
import { BackgroundWrites } from '../server/cluster/background/background-writes.ts';
import { DeletionRounds } from '../server/cluster/background/deletion-rounds.ts';
import { generatedFrom } from '../server/cluster/background/generated-marks.ts';
import { GeneratedObjects } from '../server/cluster/background/generated-objects.ts';
import type { PresentPolicies } from '../server/cluster/background/known-policies.ts';
import { KnownPolicies } from '../server/cluster/background/known-policies.ts';
import { scanPoliciesOf } from '../server/cluster/background/scan-policies.ts';
import { ScanReports } from '../server/cluster/background/scan-reports.ts';
import { ScanResults } from '../server/cluster/background/scan-results.ts';
import type { ToldDeletion } from '../server/cluster/background/told-deletion.ts';
import type { InstalledPolicies } from './admission-cluster.ts';
import { admissionImages } from './admission-images.ts';
import { admissionServices } from './admission-services.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

export interface Background {
  /** Another set is in force. */
  setPolicies(set: PolicySet): void;
  /** All policies that there are now. */
  setKnown(present: PresentPolicies): void;
  metrics(): readonly string[];
  close(): Promise<void>;
}

export interface BackgroundSurroundings {
  readonly installed: InstalledPolicies;
  readonly isLeader: () => boolean;
  /** Where somebody wants to hear of it: what was written, and what was deleted. */
  readonly told?: {
    readonly write: (write: ToldWrite) => void;
    readonly deletion: (deletion: ToldDeletion) => void;
  };
}

const minute = 60_000;
const looksAtOnce = 4;
const logBytes = 8 * 1024 * 1024;
const logFiles = 8;

export function startBackground(
  context: CommandContext,
  values: FlagValues,
  { installed, isLeader, told }: BackgroundSurroundings,
): Background {
  const { clock, log } = context;
  const { client } = installed;
  const asking = new Asking({
    waiting: looksAtOnce,
    atOnce: looksAtOnce,
    report: (error) => log.error(`a look-up ended with a defect: ${messageOf(error)}`),
  });
  const images = admissionImages(context, values, { asking, client });
  const services = admissionServices(values, asking);
  const data = (): EngineData =>
    services.withServices(
      images.withImages(installed.data.lookups((name, look) => asking.ask(name, look), 'background')),
    );
  const pause = (milliseconds: number): Promise<void> => systemPace.pause(milliseconds);
  const exemptNamespaces = new Set([
    ...systemNamespaces,
    values.text('service-namespace') ?? 'landwaiter-system',
    ...values.list('exempt-namespace'),
  ]);
  const acts = values.isSet('act');
  const shared = { client, clock, log, isLeader, pause };
  const deleting = { acts, exemptNamespaces, ...(told === undefined ? {} : { told: told.deletion }) };
  const writes = new BackgroundWrites({
    ...shared,
    acts,
    exemptNamespaces,
    ...(told === undefined ? {} : { told: told.write }),
  });
  const deletions = new DeletionRounds({ ...shared, ...deleting, asking, data });
  let known: KnownPolicies | undefined;
  const generated = new GeneratedObjects({
    ...shared,
    ...deleting,
    policies: () => (installed.policies.missing === undefined ? known : undefined),
    touched: (trigger) => scan?.again(trigger),
  });
  const every = (values.number('scan-every') ?? 60) * minute;
  const results = new ScanResults();
  const reports = new ScanReports({ ...shared, results, gaps: () => scan?.gaps ?? [] });
  const decisions = decisionLog(context, values);
  const scan =
    every === 0
      ? undefined
      : new BackgroundScan({
          ...shared,
          asking,
          data,
          results,
          reports,
          exemptNamespaces,
          every,
          wants: (write, intent, trigger) => {
            const from = generatedFrom(write, intent, trigger);
            if (from !== undefined) generated.mayBear(write.object, from);
            writes.offer(write, { ...intent, because: trigger.uid, from });
          },
          judged: (object, outcome, policies) => generated.judged(object, outcome, policies),
          gone: ({ kind, namespace, name }) => generated.gone({ ...kind, namespace, name }),
          found: (request, outcome) => note(decisions, request, { outcome, now: clock.now() }),
        });
  return {
    setPolicies: (set) => {
      const policies = scanPoliciesOf(set, installed.compileOptions);
      scan?.setPolicies(policies);
      generated.look();
      deletions.setPolicies(set.engines.flatMap(({ documents }) => documents));
    },
    setKnown: (present) => {
      known = new KnownPolicies(present, known);
      generated.look();
    },
    metrics: () => [
      ...metricsOf(results, scan),
      ...services.metrics(),
      '# TYPE landwaiter_background_writes_total counter',
      ...Object.entries(writes.counts).map(
        ([outcome, count]) => `landwaiter_background_writes_total{outcome="${outcome}"} ${count}`,
      ),
      '# TYPE landwaiter_background_deletions_total counter',
      `landwaiter_background_deletions_total ${deletions.deleted + generated.deleted}`,
    ],
    close: async () => {
      await scan?.close();
      await deletions.close();
      await generated.close();
      await writes.idle();
      images.close();
      services.close();
    },
  };
}

function metricsOf(results: ScanResults, scan: BackgroundScan | undefined): readonly string[] {
  const { age } = scan ?? {};
  return [
    '# TYPE landwaiter_scanned_objects gauge',
    `landwaiter_scanned_objects ${results.objects}`,
    '# TYPE landwaiter_scan_results gauge',
    ...Object.entries(results.summary()).map(
      ([result, count]) => `landwaiter_scan_results{result="${result}"} ${count}`,
    ),
    '# TYPE landwaiter_scan_gaps gauge',
    `landwaiter_scan_gaps ${scan?.gaps.length ?? 0}`,
    ...(age === undefined
      ? []
      : ['# TYPE landwaiter_scan_age_seconds gauge', `landwaiter_scan_age_seconds ${Math.round(age / 1_000)}`]),
  ];
}

function decisionLog({ cwd }: CommandContext, values: FlagValues): DecisionLog | undefined {
  const folder = values.text('decision-log');
  if (folder === undefined) return undefined;
  return new DecisionLog({ folder: storedFolder(resolve(cwd, folder)), fileBytes: logBytes, files: logFiles });
}

/** Like a decision about a request, in the phase `scan`. */
function note(
  decisions: DecisionLog | undefined,
  request: AdmissionRequest,
  { outcome, now }: { readonly outcome: SetOutcome; readonly now: number },
): void {
  const broken = outcome.decisions.filter((decision) => decision.outcome === 'fail' || decision.outcome === 'error');
  const id = randomUUID();
  decisions?.write({
    id,
    time: new Date(now).toISOString(),
    phase: 'scan',
    outcome:
      broken.length === 0 ? 'allowed' : broken.some((decision) => decision.outcome === 'fail') ? 'denied' : 'error',
    message: broken
      .map(({ policy, rule, message }) => `${policy}/${rule}: ${message}`)
      .join('\n')
      .slice(0, 4_000),
    request: { ...request, uid: id },
  });
}
