// SPDX-License-Identifier: Apache-2.0
// Steps that run an action: how it is named, whether it still runs, and whether its inputs are those it takes.
import type { ActionMetadata } from '../action-metadata.ts';
import { quotedList } from '../fault.ts';
import type { LintContext } from '../lint-context.ts';
import { localUses } from '../local-uses.ts';
import { isOutdated, popularAction } from '../popular-actions.ts';
import type { ActionStep, Text } from '../workflow.ts';

const formats = 'available formats are "{owner}/{repo}@{ref}" or "{owner}/{repo}/{path}@{ref}"';

export function checkActions(context: LintContext): void {
  for (const { value: job } of context.workflow.jobs.values())
    for (const { execution } of job.steps) if (execution?.kind === 'action') check(context, execution);
}

function check(context: LintContext, step: ActionStep): void {
  const uses = step.uses;
  if (uses === undefined || uses.value === '' || uses.value.includes('${{')) return;
  const local = localUses(uses.value);
  if (local !== undefined) checkLocal(context, step, { uses, local });
  else if (uses.value.startsWith('docker://')) checkImage(context, uses);
  else checkRepository(context, step, uses);
}

function say(context: LintContext, offset: number, message: string): void {
  context.report({ kind: 'action', message, offset });
}

function checkLocal(
  context: LintContext,
  step: ActionStep,
  { uses, local }: { readonly uses: Text; readonly local: string },
): void {
  const action = context.project.action(local);
  // It may be in a repository that an earlier step checks out.
  if (action === undefined) return;
  if (context.project.isFirst(local)) for (const fault of action.faults) say(context, uses.offset, fault);
  const described = `${JSON.stringify(action.name)} defined at ${JSON.stringify(uses.value)}`;
  checkInputs(context, { step, uses, described }, action);
}

function checkImage(context: LintContext, { value, offset }: Text): void {
  const image = value.slice('docker://'.length);
  const tag = image.lastIndexOf(':');
  if (tag !== -1 && tag === image.length - 1) {
    say(context, offset, `tag of Docker action should not be empty: ${JSON.stringify(value.slice(0, -1))}`);
    return;
  }
  if (image === '' || /[\s<>"^`{|}]/.test(image))
    say(context, offset, `URI for Docker container ${JSON.stringify(value)} is invalid`);
}

function checkRepository(context: LintContext, step: ActionStep, uses: Text): void {
  const missing = missingPart(uses.value);
  if (missing !== undefined) {
    const message = `specifying action ${JSON.stringify(uses.value)} in invalid format because ${missing}. ${formats}`;
    say(context, uses.offset, message);
    return;
  }
  if (isOutdated(uses.value)) {
    const message = `the runner of ${JSON.stringify(uses.value)} action is too old to run on GitHub Actions. update the action's version to fix this issue`;
    say(context, uses.offset, message);
    return;
  }
  const action = popularAction(uses.value);
  if (action !== undefined) checkInputs(context, { step, uses, described: JSON.stringify(uses.value) }, action);
}

function missingPart(uses: string): string | undefined {
  const at = uses.indexOf('@');
  if (at === -1) return 'ref is missing';
  const [owner, repository] = uses.slice(0, at).split('/');
  if (repository === undefined) return 'owner is missing';
  if (owner === '' || repository === '' || at === uses.length - 1) return 'owner and repo and ref should not be empty';
  return undefined;
}

function checkInputs(
  context: LintContext,
  { step, uses, described }: { readonly step: ActionStep; readonly uses: Text; readonly described: string },
  action: ActionMetadata,
): void {
  if (action.inputs === undefined) return;
  const required = [...action.inputs].filter(([, input]) => input.isRequired);
  for (const [id, { name }] of required) {
    if (step.inputs.has(id)) continue;
    const list = quotedList(required.map(([, input]) => input.name));
    say(
      context,
      uses.offset,
      `missing input ${JSON.stringify(name)} which is required by action ${described}. all required inputs are ${list}`,
    );
  }
  for (const [id, { name }] of step.inputs) {
    const input = action.inputs.get(id);
    if (input === undefined) {
      if (action.isDocker && (id === 'entrypoint' || id === 'args')) continue;
      const list = quotedList([...action.inputs.values()].map((known) => known.name));
      say(
        context,
        name.offset,
        `input ${JSON.stringify(name.value)} is not defined in action ${described}. available inputs are ${list}`,
      );
    } else if (input.deprecated !== undefined) {
      const hint = input.deprecated === '' ? '' : `: ${input.deprecated}`;
      say(
        context,
        name.offset,
        `avoid using deprecated input ${JSON.stringify(name.value)} in action ${described}${hint}`,
      );
    }
  }
}
