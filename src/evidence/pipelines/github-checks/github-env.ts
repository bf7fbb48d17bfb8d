// SPDX-License-Identifier: Apache-2.0
import { findTrigger } from '../../../formats/github-workflow/triggers.ts';
import type { ShellCommand } from '../github/shell-commands.ts';
import { dialectOf, shellCommands, shellName } from '../github/shell-commands.ts';
import type { ShellDialect } from '../github/shell-words.ts';
import { namesOf, runStepsOf, shellOf, stepSpan } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const githubEnv = defineGithubCheck({
  id: 'github-env',
  aliases: ['zizmor/github-env'],
  title: 'Values written to the environment of later steps',
  principle: 'injection',
  why: 'Who can choose what is written to GITHUB_ENV or GITHUB_PATH chooses variables, and so the programs, of all later steps.',
  remediation: 'Hand values on with GITHUB_OUTPUT, which later steps must ask for.',
  urls: ['https://www.legitsecurity.com/blog/github-privilege-escalation-vulnerability-0'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: workflow_run\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "a=b" >> "$GITHUB_ENV"\n',
    bad: 'on: workflow_run\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "a=$B" >> "$GITHUB_ENV"\n',
  },
  run(file) {
    // Elsewhere nobody outside the repository has a say in what is written; of an action it is not known.
    if (
      file.kind === 'workflow' &&
      findTrigger(file.triggers, 'pull_request_target') === undefined &&
      findTrigger(file.triggers, 'workflow_run') === undefined
    )
      return [];
    return runStepsOf(file).flatMap((place): GithubFault[] => {
      const { run } = place.step;
      const shell = shellOf(place)?.shell ?? 'bash';
      const destination =
        shellName(shell) === 'cmd' ? cmdDestination(run.text) : destinationOf(run.text, dialectOf(shell));
      if (destination === undefined) return [];
      const message = `what is written to ${destination} may let others run code`;
      return [
        {
          message,
          severity: 'high',
          confidence: 'low',
          places: [run.entry.span],
          around: [stepSpan(place)],
          ...namesOf(place),
        },
      ];
    });
  },
});

type Destination = 'GITHUB_ENV' | 'GITHUB_PATH';

function destinationOf(script: string, dialect: ShellDialect | undefined): Destination | undefined {
  if (dialect === undefined) return undefined;
  for (const command of shellCommands(script, dialect)) {
    const redirected = command.redirections
      .filter(({ operator }) => operator.includes('>'))
      .map(({ target }) => environmentFile(target.text, dialect))
      .find((file) => file !== undefined);
    if (redirected !== undefined && !writesLiterals(command, dialect)) return redirected;
    const written = writers[dialect].has(command.name)
      ? command.words.map(({ text }) => environmentFile(text, dialect))
      : [];
    const named = written.find((file) => file !== undefined);
    if (named !== undefined && (dialect === 'powershell' || command.isPiped || command.name === 'tee')) return named;
  }
  return undefined;
}

/** Programs that write what they read to the files they are given. */
const writers: Readonly<Record<ShellDialect, ReadonlySet<string>>> = {
  posix: new Set(['tee']),
  powershell: new Set(['out-file', 'add-content', 'set-content', 'tee-object', 'tee', 'ac', 'sc']),
};

function environmentFile(word: string, dialect: ShellDialect): Destination | undefined {
  const pattern =
    dialect === 'posix' ? /^\$\{?(GITHUB_ENV|GITHUB_PATH)\}?$/ : /^\$(?:\{env:|env:)(GITHUB_ENV|GITHUB_PATH)\}?$/i;
  const name = pattern.exec(word)?.[1]?.toUpperCase();
  return name === 'GITHUB_ENV' || name === 'GITHUB_PATH' ? name : undefined;
}

function writesLiterals({ name, first, words }: ShellCommand, dialect: ShellDialect): boolean {
  // In PowerShell a text alone is printed.
  const isText = dialect === 'powershell' && /^["']/.test(first?.raw ?? '') && first?.isLiteral === true;
  const isPrinter = ['echo', 'printf', 'write-output'].includes(name);
  return (isText || isPrinter) && words.every(({ isLiteral }) => isLiteral);
}

/** `echo A=%B% >> %GITHUB_ENV%` */
function cmdDestination(script: string): Destination | undefined {
  const name = /\S[ \t]*>>?[ \t]*"?%(GITHUB_ENV|GITHUB_PATH)%/i.exec(script)?.[1]?.toUpperCase();
  return name === 'GITHUB_ENV' || name === 'GITHUB_PATH' ? name : undefined;
}
