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
import {
  isDueForRenewal,
  makeAuthority,
  makeServingCertificate,
  serviceNames,
} from '../server/admission/certificates.ts';
import { DecisionLog } from '../server/admission/decision-log.ts';
import { PolicyHolder } from '../server/admission/policy-holder.ts';
import { compilePolicies, engineDataOf, readPolicies, reasonOf, reviewSettings } from './admission-policies.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { warnOfProblems } from './policy-inputs.ts';

const lookEvery = 3_000;
const patience = 15_000;
/** Until API servers and load balancers have heard of the end of a Pod. Who ends a program at a terminal does not wait for them. */
const notice = 5_000;
const day = 86_400_000;
const logBytes = 8 * 1024 * 1024;
const logFiles = 8;

export async function serve(
  context: CommandContext,
  _operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const { host, port } = addressOf(values.text('listen') ?? '127.0.0.1:8443');
  const holder = new PolicyHolder();
  let data: EngineData = engineDataOf([]);
  let stamp = '';
  const reload = async (): Promise<void> => {
    const read = await readPolicies(context, values);
    if (stamp === read.stamp) return;
    stamp = read.stamp;
    const loaded = compilePolicies(context, read);
    if (holder.offer(loaded.set, loaded.problems)) {
      data = engineDataOf(loaded.others);
      warnOfProblems(context, loaded.problems);
      context.log.info(`${holder.status.policies} policies are in force (generation ${holder.status.generation})`);
    } else context.log.error(`policies were not taken: ${holder.status.refused ?? ''}`);
  };
  await reload();
  if (holder.current === undefined)
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
    data: () => data,
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
    certificate = renewed(context, running, { serving, certificate });
  }, lookEvery);
  const signal = await context.stopped();
  clearInterval(timer);
  context.log.info(`${signal}: ending`);
  await running.close(patience, signal === 'SIGTERM' ? notice : 0);
  return 0;
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

function addressOf(text: string): { readonly host: string; readonly port: number } {
  const found = /^(\[[0-9a-fA-F:]+\]|[^:\s]+):(\d{1,5})$/.exec(text);
  const port = Number(found?.[2]);
  if (found === null || port > 65_535)
    throw new LandwaiterError({ code: 'USAGE', message: `--listen takes HOST:PORT; "${text}" is none` });
  return { host: (found[1] ?? '').replace(/^\[|\]$/g, ''), port };
}
