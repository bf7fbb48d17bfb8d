// SPDX-License-Identifier: Apache-2.0
// `landwaiter admission serve`: the webhook until it is told to stop. Policies and certificates are looked at every few seconds and taken up when they changed:
// mounted ConfigMaps and Secrets change by moving links, which file watchers miss.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { storedFolder } from '../../io/stored-files.ts';
import { LandwaiterError, messageOf } from '../../model/error.ts';
import type { EngineData } from '../../policy/engine.ts';
import type { RunningAdmission, ServingCertificate } from '../server/admission/admission-server.ts';
import { startAdmission } from '../server/admission/admission-server.ts';
import { Asking } from '../server/admission/asking/asking.ts';
import {
  isDueForRenewal,
  makeAuthority,
  makeServingCertificate,
  serviceNames,
} from '../server/admission/certificates.ts';
import { DecisionLog } from '../server/admission/decision-log.ts';
import { PolicyHolder } from '../server/admission/policy-holder.ts';
import { PolicyReferences } from '../server/cluster/events/policy-references.ts';
import { reviewEvents } from '../server/cluster/events/review-events.ts';
import { followInstalled, policyOrigins } from './admission-cluster.ts';
import { admissionEvents } from './admission-events.ts';
import { admissionImages } from './admission-images.ts';
import { compilePolicies, engineDataOf, readPolicies, reasonOf, reviewSettings } from './admission-policies.ts';
import { admissionServices } from './admission-services.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { listenAddress } from './listen-address.ts';
import { warnOfProblems } from './policy-inputs.ts';

const lookEvery = 3_000;
const patience = 15_000;
/** Until API servers and load balancers have heard of the end of a Pod. Who ends a program at a terminal does not wait for them. */
const notice = 5_000;
const day = 86_400_000;
/** Reviews that may wait for what is looked up, and look-ups of one review at a time. */
const mostWaiting = 256;
const looksAtOnce = 8;
const logBytes = 8 * 1024 * 1024;
const logFiles = 8;

export async function serve(
  context: CommandContext,
  _operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const { host, port } = listenAddress(values.text('listen') ?? '127.0.0.1:8443');
  const holder = new PolicyHolder();
  const asking = new Asking({
    waiting: mostWaiting,
    atOnce: looksAtOnce,
    report: (error) => context.log.error(`a look-up ended with a defect: ${messageOf(error)}`),
  });
  const origins = policyOrigins(values);
  const policies = new PolicyReferences();
  const installed =
    origins === undefined
      ? undefined
      : followInstalled(context, values, { origins, holder, compiled: (_compilation, all) => policies.set(all) });
  const events = admissionEvents(context, values, { client: installed?.client, component: 'admission' });
  const images = admissionImages(context, values, { asking, client: installed?.client });
  const services = admissionServices(values, asking);
  let data: EngineData = services.withServices(images.withImages(engineDataOf([])));
  let stamp = '';
  const reloadFiles = async (): Promise<void> => {
    const read = await readPolicies(context, values);
    if (stamp === read.stamp) return;
    stamp = read.stamp;
    const loaded = compilePolicies(context, read, values);
    if (holder.offer(loaded.set, loaded.problems)) {
      data = services.withServices(images.withImages(engineDataOf(loaded.others)));
      warnOfProblems(context, loaded.problems);
      context.log.info(`${holder.status.policies} policies are in force (generation ${holder.status.generation})`);
    } else context.log.error(`policies were not taken: ${holder.status.refused ?? ''}`);
  };
  const reload = installed === undefined ? reloadFiles : () => installed.readFiles();
  await reload();
  // Those of a cluster may take a while; until they are there nothing is ready, and nothing is admitted.
  if (holder.current === undefined && installed === undefined)
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: `the policies cannot be loaded: ${holder.status.refused ?? ''}`,
    });

  const serving = servingCertificate(context, values);
  let certificate = serving.read();
  const logFolder = values.text('decision-log');
  const running = await startAdmission({
    host,
    port,
    serving: certificate,
    holder,
    settings: reviewSettings(values),
    data: () =>
      installed === undefined
        ? data
        : services.withServices(images.withImages(installed.data.lookups((name, look) => asking.ask(name, look)))),
    asking,
    lookingTime: budgetOf(values),
    answered:
      events && ((reviewed, request, phase) => events.tell(() => reviewEvents({ reviewed, request, phase, policies }))),
    moreMetrics: () => [
      ...images.metrics(),
      ...services.metrics(),
      ...(events?.metrics() ?? []),
      ...(installed?.metrics() ?? []),
    ],
    clock: context.clock,
    log: context.log,
    newId: randomUUID,
    decisions:
      logFolder === undefined
        ? undefined
        : new DecisionLog({
            folder: storedFolder(resolve(context.cwd, logFolder)),
            fileBytes: logBytes,
            files: logFiles,
          }),
  });
  context.log.info(`the webhook listens on https://${host}:${running.port}`);
  const timer = setInterval(() => {
    reload().catch((error: unknown) => context.log.error(`policies were not taken: ${reasonOf(error)}`));
    images.lookAgain();
    certificate = renewed(context, running, { serving, certificate });
  }, lookEvery);
  const signal = await context.stopped();
  clearInterval(timer);
  context.log.info(`${signal}: ending`);
  await running.close(patience, signal === 'SIGTERM' ? notice : 0);
  images.close();
  services.close();
  await events?.close();
  await installed?.close();
  return 0;
}

/** Milliseconds; undefined: as long as the API server waits, less a margin. Throws USAGE. */
function budgetOf(values: FlagValues): number | undefined {
  const seconds = values.number('image-budget');
  if (seconds === undefined || seconds > 0) return seconds === undefined ? undefined : seconds * 1_000;
  throw new LandwaiterError({ code: 'USAGE', message: '--image-budget takes seconds, more than none' });
}

interface ServingSource {
  /** The certificate that counts now. Throws when it cannot be read. */
  read(): ServingCertificate;
}

interface Renewing {
  readonly serving: ServingSource;
  readonly certificate: ServingCertificate;
}

/** A certificate that cannot be read leaves the old one in place. */
function renewed(
  context: CommandContext,
  running: RunningAdmission,
  { serving, certificate }: Renewing,
): ServingCertificate {
  try {
    const next = serving.read();
    if (next.certificate === certificate.certificate && next.key === certificate.key) return certificate;
    running.setCertificate(next);
    context.log.info('another serving certificate is in use');
    return next;
  } catch (error) {
    context.log.error(`the serving certificate was not taken: ${messageOf(error)}`);
    return certificate;
  }
}

/** From files, or from an authority of its own that lives as long as the process: for trying things out. */
function servingCertificate({ cwd, clock, log }: CommandContext, values: FlagValues): ServingSource {
  const [certificate, key] = [values.text('tls-certificate'), values.text('tls-key')];
  if (certificate !== undefined && key !== undefined)
    return {
      read: () => ({
        certificate: readFileSync(resolve(cwd, certificate), 'utf8'),
        key: readFileSync(resolve(cwd, key), 'utf8'),
      }),
    };
  if (certificate !== undefined || key !== undefined)
    throw new LandwaiterError({ code: 'USAGE', message: '--tls-certificate and --tls-key belong together' });
  const names = [
    ...serviceNames(
      values.text('service-name') ?? 'landwaiter-admission',
      values.text('service-namespace') ?? 'landwaiter-system',
    ),
    'localhost',
  ];
  const validity = (days: number) => ({ notBefore: clock.now() - 3_600_000, notAfter: clock.now() + days * day });
  const authority = makeAuthority('landwaiter admission', validity(365));
  log.warn('no --tls-certificate: the webhook has an authority of its own, which ends with this process');
  let current = makeServingCertificate(authority, names, validity(30));
  return {
    read: () => {
      if (isDueForRenewal(current.certificate, clock.now()))
        current = makeServingCertificate(authority, names, validity(30));
      return current;
    },
  };
}
