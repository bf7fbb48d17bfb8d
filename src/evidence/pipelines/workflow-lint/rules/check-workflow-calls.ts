// SPDX-License-Identifier: Apache-2.0
// Jobs that call a reusable workflow: how it is named, whether it is there, and whether its inputs and secrets are those it takes. The types
// of what is handed over are checked with the expressions.
import { quotedList } from '../fault.ts';
import type { LintContext } from '../lint-context.ts';
import { localUses } from '../local-uses.ts';
import type { WorkflowCall } from '../workflow.ts';

const remote = /^[^./@\s][^/@\s]*\/[^/@\s]+\/[^@\s]+@\S+$/;

export function checkWorkflowCalls(context: LintContext): void {
  for (const { value: job } of context.workflow.jobs.values()) if (job.call !== undefined) check(context, job.call);
}

function check({ project, report }: LintContext, call: WorkflowCall): void {
  const { offset, value: uses } = call.uses;
  const quoted = JSON.stringify(uses);
  if (uses === '' || uses.includes('${{')) return;
  const local = localUses(uses);
  if (local === undefined ? !remote.test(uses) : uses.includes('@')) {
    const message = `reusable workflow call ${quoted} at "uses" is not following the format "owner/repo/path/to/workflow.yml@ref" nor "./path/to/workflow.yml". see https://docs.github.com/en/actions/learn-github-actions/reusing-workflows for more details`;
    report({ kind: 'workflow-call', message, offset });
    return;
  }
  if (local === undefined) return;
  const called = project.calledWorkflow(local);
  if (called === undefined || called.kind === 'unusable') {
    if (!project.isFirst(local)) return;
    const reason = called === undefined ? 'no such file' : called.reason;
    const message = `could not read reusable workflow file for ${quoted}: ${reason}`;
    report({ kind: 'workflow-call', message, offset });
    return;
  }
  for (const [id, { isRequired, name }] of called.inputs)
    if (isRequired && !call.inputs.has(id))
      report({
        kind: 'workflow-call',
        message: `input ${JSON.stringify(name)} is required by ${quoted} reusable workflow`,
        offset,
      });
  for (const [id, { name }] of call.inputs)
    if (!called.inputs.has(id)) reportUndefined('input', name, [...called.inputs.values()]);
  if (call.inheritsSecrets) return;
  for (const [id, { isRequired, name }] of called.secrets)
    if (isRequired && !call.secrets.has(id))
      report({
        kind: 'workflow-call',
        message: `secret ${JSON.stringify(name)} is required by ${quoted} reusable workflow`,
        offset,
      });
  for (const [id, { name }] of call.secrets)
    if (!called.secrets.has(id)) reportUndefined('secret', name, [...called.secrets.values()]);

  function reportUndefined(
    what: 'input' | 'secret',
    name: WorkflowCall['uses'],
    defined: readonly { readonly name: string }[],
  ): void {
    const names = quotedList(defined.map((item) => item.name));
    const known =
      defined.length === 0
        ? `no ${what} is defined`
        : defined.length === 1
          ? `defined ${what} is ${names}`
          : `defined ${what}s are ${names}`;
    const message = `${what} ${JSON.stringify(name.value)} is not defined in ${quoted} reusable workflow. ${known}`;
    report({ kind: 'workflow-call', message, offset: name.offset });
  }
}
