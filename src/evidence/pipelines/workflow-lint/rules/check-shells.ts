// SPDX-License-Identifier: Apache-2.0
// Names of shells, as far as the system of the runner is known.
import { quotedList } from '../fault.ts';
import type { LintContext } from '../lint-context.ts';
import type { Platform } from '../tables/runner-labels.ts';
import { platformOf } from '../tables/runner-labels.ts';
import type { Runner, Text } from '../workflow.ts';

const everywhere = ['bash', 'pwsh', 'python'];
const unix = [...everywhere, 'sh'];
const windows = [...everywhere, 'cmd', 'powershell'];

export function checkShells(context: LintContext): void {
  const { workflow } = context;
  check(context, workflow.defaults?.shell, undefined);
  for (const { value: job } of workflow.jobs.values()) {
    const platform = platformOfRunner(job.runsOn);
    check(context, job.defaults?.shell, platform);
    for (const { execution } of job.steps) if (execution?.kind === 'run') check(context, execution.shell, platform);
  }
}

function check({ report }: LintContext, shell: Text | undefined, platform: Platform | undefined): void {
  if (shell === undefined || shell.value.includes('${{')) return;
  // `{0}` stands for the script in a command of one's own.
  if (shell.value.includes('{0}')) return;
  const name = shell.value.toLowerCase();
  const available = platform === undefined ? [...unix, 'cmd', 'powershell'] : platform === 'windows' ? windows : unix;
  if (available.includes(name)) return;
  const isKnown = unix.includes(name) || windows.includes(name);
  const where = isKnown ? (platform === 'windows' ? ' on Windows' : ' on macOS or Linux') : '';
  const message = `shell name ${JSON.stringify(shell.value)} is invalid${where}. available names are ${quotedList(available)}`;
  report({ kind: 'shell-name', message, offset: shell.offset });
}

function platformOfRunner(runner: Runner | undefined): Platform | undefined {
  for (const { value } of runner?.labels ?? []) {
    const platform = platformOf(value);
    if (platform !== undefined && !value.includes('${{')) return platform;
  }
  return undefined;
}
