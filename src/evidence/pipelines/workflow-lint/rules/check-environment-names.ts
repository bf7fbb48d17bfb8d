// SPDX-License-Identifier: Apache-2.0
// Names of environment variables that no shell can hold.
import type { LintContext } from '../lint-context.ts';
import type { Environment } from '../workflow.ts';

export function checkEnvironmentNames(context: LintContext): void {
  const { workflow } = context;
  check(context, workflow.environment);
  for (const { value: job } of workflow.jobs.values()) {
    check(context, job.environment);
    check(context, job.container?.environment);
    for (const service of job.services?.containers.values() ?? []) check(context, service.value.environment);
    for (const step of job.steps) check(context, step.environment);
  }
}

function check({ report }: LintContext, environment: Environment | undefined): void {
  for (const { name } of environment?.variables.values() ?? []) {
    if (name.value.includes('${{') || !/[&=\s]/.test(name.value)) continue;
    const message = `environment variable name ${JSON.stringify(name.value)} is invalid. '&', '=' and spaces should not be contained`;
    report({ kind: 'env-var', message, offset: name.offset });
  }
}
