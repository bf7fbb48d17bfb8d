// SPDX-License-Identifier: Apache-2.0
// Commands to the runner on standard output that GitHub switched off or warns of, because whatever a script prints could give them.
import type { LintContext } from '../lint-context.ts';

const command = /::(?:(save-state|set-output|set-env)\s{1,20}name=[a-zA-Z][\w-]{0,200}::\S|(add-path)::\S)/g;
const replacements: Readonly<Record<string, string>> = {
  'set-output': 'echo "{name}={value}" >> $GITHUB_OUTPUT',
  'save-state': 'echo "{name}={value}" >> $GITHUB_STATE',
  'set-env': 'echo "{name}={value}" >> $GITHUB_ENV',
  'add-path': 'echo "{path}" >> $GITHUB_PATH',
};

export function checkDeprecatedCommands({ workflow, report }: LintContext): void {
  for (const { value: job } of workflow.jobs.values()) {
    for (const { execution } of job.steps) {
      if (execution?.kind !== 'run' || execution.run === undefined) continue;
      const { run } = execution;
      for (const match of run.value.matchAll(command)) {
        const name = match[1] ?? match[2] ?? '';
        report({
          kind: 'deprecated-commands',
          message: `workflow command ${JSON.stringify(name)} was deprecated. use \`${replacements[name] ?? ''}\` instead: https://docs.github.com/en/actions/using-workflows/workflow-commands-for-github-actions`,
          offset: run.at(match.index),
          textOffset: run.offset,
        });
      }
    }
  }
}
