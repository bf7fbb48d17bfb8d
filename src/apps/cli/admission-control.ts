// SPDX-License-Identifier: Apache-2.0
// `landwaiter admission control`: what one replica does for all of them, the leader by a Lease: keeps the registration of the webhooks, says in the status of installed
// policies whether they are in force, scans what is there and writes reports. Judges no requests, so it needs other rights than the webhook.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { electLeader } from '../../io/kube/leader-election.ts';
import { messageOf } from '../../model/error.ts';
import { PolicyHolder } from '../server/admission/policy-holder.ts';
import type { ToldWrite } from '../server/cluster/background/background-writes.ts';
import type { ToldDeletion } from '../server/cluster/background/told-deletion.ts';
import { documentsIn } from '../server/cluster/cluster-policies.ts';
import { controllerLease } from '../server/cluster/controller-lease.ts';
import { deletionEvents, writeEvents } from '../server/cluster/events/background-events.ts';
import { PolicyReferences } from '../server/cluster/events/policy-references.ts';
import { RefusalEvents } from '../server/cluster/events/refusal-events.ts';
import { startHealth } from '../server/cluster/health-server.ts';
import { PolicyStatusWriter } from '../server/cluster/policy-status.ts';
import type { WantedRegistration } from '../server/cluster/registration-keeper.ts';
import { RegistrationKeeper } from '../server/cluster/registration-keeper.ts';
import { startBackground } from './admission-background.ts';
import { followInstalled, policyOrigins } from './admission-cluster.ts';
import { admissionEvents } from './admission-events.ts';
import { servicePort, webhookTimeout } from './admission-webhooks.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { listenAddress } from './listen-address.ts';
import { usage } from './usage.ts';

const lookEvery = 3_000;

export async function control(
  context: CommandContext,
  _operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const { log, clock, environment, cwd } = context;
  const origins = policyOrigins(values) ?? new Set(['cluster'] as const);
  const address = listenAddress(values.text('listen') ?? '127.0.0.1:8080');
  const url = webhookUrl(values);
  const timeoutSeconds = webhookTimeout(values);
  const holder = new PolicyHolder();
  // What is made below is asked only after the first policies have come.
  const told: ((...compiled: Parameters<PolicyStatusWriter['tell']>) => void)[] = [];
  const installed = followInstalled(context, values, {
    origins,
    holder,
    compiled: (...compiled) => {
      for (const tell of told) tell(...compiled);
    },
  });
  const { client, policies } = installed;
  const namespace = values.text('service-namespace') ?? 'landwaiter-system';
  const election = electLeader(client, {
    namespace,
    name: controllerLease,
    identity: `${environment['POD_NAME'] ?? hostname()}_${randomUUID().slice(0, 8)}`,
    acquired: () => {
      log.info('this replica leads');
      status.again();
      refusals?.again();
      registration.look();
    },
    lost: () => log.info('another replica leads'),
  });
  const isLeader = (): boolean => election.isLeader;
  const status = new PolicyStatusWriter({ client, clock, log, isLeader, acts: values.isSet('act') });
  const bundle = values.text('ca-bundle');
  const wanted = (): WantedRegistration | undefined => {
    const set = holder.current;
    if (set === undefined || policies.missing !== undefined) return undefined;
    return {
      policies: set.engines.flatMap((engine) => engine.policies),
      service: { name: values.text('service-name') ?? 'landwaiter-admission', namespace, port: servicePort },
      caBundle: bundle === undefined ? undefined : readFileSync(resolve(cwd, bundle), 'utf8'),
      failurePolicy: values.text('failure-policy') === 'ignore' ? 'Ignore' : 'Fail',
      timeoutSeconds,
      exemptNamespaces: values.list('exempt-namespace'),
      url,
    };
  };
  const registration = new RegistrationKeeper({ client, log, isLeader, wanted });
  const references = new PolicyReferences();
  const events = admissionEvents(context, values, { client, component: 'controller' });
  const refusals = events && new RefusalEvents({ isLeader, offer: (event) => events.tell(() => [event]) });
  const background = startBackground(context, values, {
    installed,
    isLeader,
    ...(events === undefined
      ? {}
      : {
          told: {
            write: (write: ToldWrite) => events.tell(() => writeEvents(write, references)),
            deletion: (deletion: ToldDeletion) => events.tell(() => deletionEvents(deletion, references)),
          },
        }),
  });
  let inForce = 0;
  told.push(
    (_compilation, all) => references.set(all),
    (compilation, all) => status.tell(compilation, all),
    (compilation, all) => refusals?.tell(compilation, all),
    () => registration.look(),
    ({ set, refused }, all) =>
      background.setKnown({
        documents: [...documentsIn(set), ...all.map(({ object }) => object)],
        refused: all.flatMap(({ key, object }) => (refused.has(key) ? [object] : [])),
        kinds: policies.kinds,
      }),
    () => {
      const { generation } = holder.status;
      if (holder.current === undefined || generation === inForce) return;
      inForce = generation;
      background.setPolicies(holder.current);
    },
  );
  const health = await startHealth({
    ...address,
    unready: () => (holder.current === undefined ? (policies.missing ?? 'no policies are loaded') : undefined),
    metrics: () => [
      '# TYPE landwaiter_controller_leads gauge',
      `landwaiter_controller_leads ${isLeader() ? 1 : 0}`,
      '# TYPE landwaiter_policies gauge',
      `landwaiter_policies ${holder.status.policies}`,
      '# TYPE landwaiter_policies_left_out gauge',
      `landwaiter_policies_left_out ${holder.status.leftOut}`,
      ...installed.metrics(),
      '# TYPE landwaiter_registration_repairs_total counter',
      `landwaiter_registration_repairs_total ${registration.repairs}`,
      ...background.metrics(),
      ...(events?.metrics() ?? []),
    ],
  });
  log.info(`the controller answers on http://${address.host}:${health.port}`);
  await installed.readFiles();
  const timer = setInterval(() => void installed.readFiles(), lookEvery);
  const signal = await context.stopped();
  log.info(`${signal}: ending`);
  clearInterval(timer);
  try {
    await registration.close();
    await background.close();
    await status.idle();
    await events?.close();
    await election.close();
    await health.close();
  } catch (error) {
    log.error(messageOf(error));
  }
  await installed.close();
  return 0;
}

function webhookUrl(values: FlagValues): string | undefined {
  const text = values.text('webhook-url');
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.search !== '' || url.username !== '')
    throw usage(`--webhook-url takes https://HOST:PORT; "${text}" is none`);
  return url.origin;
}
