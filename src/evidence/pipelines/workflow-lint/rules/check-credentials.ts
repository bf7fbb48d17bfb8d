// SPDX-License-Identifier: Apache-2.0
// Passwords of container registries that stand in the workflow itself.
import type { LintContext } from '../lint-context.ts';
import { isAssignedExpression } from '../reading/section-reader.ts';
import type { Container } from '../workflow.ts';

export function checkCredentials(context: LintContext): void {
  for (const { value: job } of context.workflow.jobs.values()) {
    check(context, '"container" section', job.container);
    for (const { name, value } of job.services?.containers.values() ?? [])
      check(context, `${JSON.stringify(name.value)} service`, value);
  }
}

function check({ report }: LintContext, where: string, container: Container | undefined): void {
  const password = container?.credentials?.password;
  if (password === undefined || isAssignedExpression(password.value)) return;
  const message = `"password" section in ${where} should be specified via secrets. do not put password value directly`;
  report({ kind: 'credentials', message, offset: password.offset });
}
