// SPDX-License-Identifier: Apache-2.0
import { dialectOf, effectiveCommand, plainCommand, shellCommands } from '../github/shell-commands.ts';
import { namesOf, runStepsOf, shellOf, stepSpan } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const adhocPackages = defineGithubCheck({
  id: 'adhoc-packages',
  aliases: ['zizmor/adhoc-packages'],
  title: 'Packages installed by name, past the lock file',
  principle: 'provenance-integrity',
  why: 'A package that is installed by name, with all it depends on, is whatever the registry has at that moment; no lock file holds it.',
  remediation: 'Declare the package in the project and install from its lock file (npm ci, bundle install).',
  urls: ['https://slsa.dev/spec/v1.1/threats#e-build-process'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm ci\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm install left-pad\n',
  },
  run(file, { expressions }) {
    return runStepsOf(file).flatMap((place): GithubFault[] => {
      const dialect = dialectOf(shellOf(place)?.shell ?? 'bash');
      if (dialect === undefined) return [];
      const { run } = place.step;
      const offsets = expressions.offsetsOf(run.node);
      return shellCommands(run.text, dialect)
        .filter((command) => installsByName(effectiveCommand(command)) || fetchesAndRuns(plainCommand(command)))
        .map((command) => ({
          message: 'a package is installed outside of a lock file',
          severity: 'low',
          confidence: 'high',
          places: [offsets.span(command.start, command.end), run.entry.keySpan],
          around: [stepSpan(place)],
          ...namesOf(place),
        }));
    });
  },
});

/** Subcommands that install what is named behind them, with all the ways of writing them that the programs take. */
const installers: Readonly<Record<string, readonly string[]>> = {
  gem: ['install', 'i'],
  npm: ['install', 'add', 'i', 'in', 'ins', 'inst', 'insta', 'instal', 'isnt', 'isnta', 'isntal', 'isntall'],
};

interface NamedCommand {
  readonly name: string;
  readonly words: readonly string[];
}

function installsByName({ name, words }: NamedCommand): boolean {
  const subcommands = Object.hasOwn(installers, name) ? installers[name] : undefined;
  const [subcommand, ...named] = words.filter((word) => !word.startsWith('-'));
  if (subcommands === undefined || subcommand === undefined) return false;
  if (name === 'npm' && (subcommand === 'exec' || subcommand === 'x'))
    return named.length > 0 || words.some(namesPackage);
  // Folders and archives of the working tree are not looked up anywhere.
  return subcommands.includes(subcommand) && named.some((word) => !/^\.{0,2}\//.test(word) && word !== '.');
}

function namesPackage(word: string): boolean {
  return /^(?:-p|--package)(?:=|$)/.test(word);
}

/** With --yes it fetches what is not installed without asking; without, it runs what the lock file brought. */
function fetchesAndRuns({ name, words }: NamedCommand): boolean {
  const isYes = words.includes('-y') || words.includes('--yes');
  return name === 'npx' && isYes && words.some((word) => !word.startsWith('-'));
}
