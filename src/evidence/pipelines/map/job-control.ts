// SPDX-License-Identifier: Apache-2.0
// How somebody who starts a job comes to decide what runs in it: by its sources, by text that is put into a script, or because the trigger runs their code.
import type { Location } from '../../../model/location.ts';
import { buildToolOfAction, buildToolsIn } from '../build-tools.ts';
import { runsForEvent } from '../github-conditions.ts';
import { excludesForks } from '../outsider-access.ts';
import type { Job, Pipeline, Step, Trigger } from '../pipeline.ts';
import { untrustedInputs } from '../untrusted-input.ts';

export interface Control {
  readonly steps: readonly { readonly text: string; readonly location: Location }[];
  readonly guard?: string;
}

/** undefined: they start it, and that is all. */
export function controlOf(pipeline: Pipeline, whole: Job, trigger: Trigger): Control | undefined {
  const job = { ...whole, steps: stepsFor(whole, pipeline, trigger) };
  const guard = guardOf(job);
  const end = guard === undefined ? {} : { guard };
  if (trigger.code === 'proposed') {
    const [first] = job.steps.filter(({ script, component }) => script !== undefined || component !== undefined);
    return first === undefined ? undefined : { steps: [], ...end };
  }
  const injected = job.steps.find(
    ({ script }) => script !== undefined && untrustedInputs(pipeline.system, script).length > 0,
  );
  const taken = takenOver(job);
  if (taken !== undefined) return { steps: taken, ...end };
  if (injected?.script === undefined) return undefined;
  const sources = untrustedInputs(pipeline.system, injected.script);
  return {
    steps: [
      {
        text: `${sources.join(', ')} is put into the script of ${stepName(injected)}, so that its text is a command`,
        location: injected.script.location,
      },
    ],
    ...end,
  };
}

/** Steps whose condition lets the event through. */
export function stepsFor({ steps }: Job, { system }: Pipeline, { event }: Trigger): readonly Step[] {
  if (system !== 'github-actions') return steps;
  return steps.filter(({ condition }) => condition === undefined || runsForEvent(condition.text, event));
}

function takenOver(job: Job): Control['steps'] | undefined {
  const at = job.steps.findIndex(({ checkout }) => checkout?.of === 'proposed');
  const checkout = job.steps[at];
  if (checkout === undefined) return undefined;
  const bring = {
    text: `${stepName(checkout)} brings the sources of the pull request`,
    location: checkout.component?.location ?? checkout.script?.location ?? checkout.location,
  };
  for (const step of job.steps.slice(at + 1)) {
    const tools = step.script === undefined ? [] : buildToolsIn(step.script.text);
    if (step.script !== undefined && tools.length > 0)
      return [
        bring,
        {
          text: `${tools.join(', ')} ${tools.length === 1 ? 'does' : 'do'} what those sources say`,
          location: step.script.location,
        },
      ];
    const { component } = step;
    if (component === undefined) continue;
    if (component.isLocal)
      return [
        bring,
        { text: `the action ${component.text} is taken from those sources`, location: component.location },
      ];
    const tool = buildToolOfAction(component.name);
    if (tool !== undefined)
      return [
        bring,
        { text: `${component.name} runs ${tool}, which does what those sources say`, location: component.location },
      ];
  }
  return undefined;
}

function guardOf(job: Job): string | undefined {
  const guards: string[] = [];
  if (job.environment !== undefined) guards.push(`environment ${job.environment.name} wants approval`);
  if (excludesForks(job.condition?.text))
    guards.push(`the condition in line ${job.condition?.location.line} may keep them out`);
  return guards.length === 0 ? undefined : guards.join(' or ');
}

/** What people know a step by; of a script without a name its first command. */
export function stepName(step: Step): string {
  const command = step.script?.text
    .slice(0, 2000)
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#'));
  const isGeneric = step.name === undefined || /^(?:sh|bat|run|pwsh|powershell)$/.test(step.name);
  return step.component?.text ?? (isGeneric ? redact(command) : step.name) ?? step.id ?? `step ${step.index + 1}`;
}

const secretArgument =
  /((?:\s--?(?:p|password|passwd|token|secret|api-?key|auth)|\bbearer|\b(?:token|password|passwd|secret|key)=)[= ]{0,2}["']?)[^\s"'$]{4,200}/gi;

/** What looks like a secret on a command line is not shown. */
function redact(command: string | undefined): string | undefined {
  return command?.slice(0, 400).replace(secretArgument, '$1***').slice(0, 80);
}
