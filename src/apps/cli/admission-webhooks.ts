// SPDX-License-Identifier: Apache-2.0
// `landwaiter admission webhooks`: the registration for these policies, as YAML for kubectl apply.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { LandwaiterError } from '../../model/error.ts';
import { webhookRegistration } from '../server/admission/webhook-registration.ts';
import { isIncomplete, loadPolicies } from './admission-policies.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

/** Of the Service, not of the Pods behind it. */
export const servicePort = 443;

export async function webhooks(
  context: CommandContext,
  _operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const bundle = values.text('ca-bundle');
  if (bundle === undefined)
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'API servers must know the certificate of the webhook',
      hint: '--ca-bundle FILE',
    });
  const timeoutSeconds = webhookTimeout(values);
  const loaded = await loadPolicies(context, values);
  const objects = webhookRegistration({
    policies: loaded.set.engines.flatMap(({ policies }) => policies),
    service: {
      name: values.text('service-name') ?? 'landwaiter-admission',
      namespace: values.text('service-namespace') ?? 'landwaiter-system',
      port: servicePort,
    },
    caBundle: readFileSync(resolve(context.cwd, bundle), 'utf8'),
    failurePolicy: values.text('failure-policy') === 'ignore' ? 'Ignore' : 'Fail',
    timeoutSeconds,
    exemptNamespaces: values.list('exempt-namespace'),
  });
  context.stdout.write(objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n'));
  // What a policy that was not understood wants to be asked for is not registered.
  return isIncomplete(loaded) ? 3 : 0;
}

/** Seconds that API servers wait. Throws USAGE for what they do not take. */
export function webhookTimeout(values: FlagValues): number {
  const seconds = values.number('webhook-timeout') ?? 10;
  if (seconds >= 1 && seconds <= 30) return seconds;
  throw new LandwaiterError({ code: 'USAGE', message: '--webhook-timeout takes 1 to 30 seconds' });
}
