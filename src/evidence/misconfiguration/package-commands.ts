// SPDX-License-Identifier: Apache-2.0
// Package managers in shell commands: which one, what it is told to do, with which flags and packages.

import type { DockerCommand, Dockerfile, DockerStage } from '../../formats/dockerfile-stages.ts';
import { shellCommandsOf } from '../../formats/dockerfile-stages.ts';
import type { ShellCommand } from '../../formats/shell-commands.ts';
import type { DockerfileEdit, DockerfileFault } from './dockerfile-check.ts';

export interface PackageCommand {
  readonly manager: string;
  /** `install`, `update`; empty when there is none. */
  readonly action: string;
  readonly flags: readonly string[];
  /** What stands after the action and is no flag. */
  readonly packages: readonly string[];
  /** Place among the commands of the instruction. */
  readonly index: number;
}

export interface RunInstruction {
  readonly stage: DockerStage;
  readonly command: DockerCommand;
  readonly commands: readonly ShellCommand[];
}

const knownRuns = new WeakMap<Dockerfile, readonly RunInstruction[]>();

/** All RUN instructions with the commands they start; ONBUILD RUN included. Read once for each file, as most checks ask. */
export function runsOf(file: Dockerfile): readonly RunInstruction[] {
  const known = knownRuns.get(file);
  if (known !== undefined) return known;
  const runs = file.stages.flatMap((stage) =>
    stage.commands.flatMap((command): RunInstruction[] => {
      const run = command.inner?.keyword === 'RUN' ? command.inner : command;
      return run.keyword === 'RUN' ? [{ stage, command: run, commands: shellCommandsOf(run) }] : [];
    }),
  );
  knownRuns.set(file, runs);
  return runs;
}

/** A fault for each RUN that `judge` has something to say about; `edit` makes it right where the text stands there literally. */
export function faultsOfRuns(
  file: Dockerfile,
  judge: (run: RunInstruction) => string | undefined,
  edit?: DockerfileEdit,
): readonly DockerfileFault[] {
  return runsOf(file).flatMap((run) => {
    const message = judge(run);
    if (message === undefined) return [];
    return [{ ...faultAt(run.command, message), ...(edit === undefined ? {} : { edit }) }];
  });
}

export function faultAt({ line, endLine }: DockerCommand, message: string): DockerfileFault {
  return { message, line, endLine };
}

const wrappers = new Set(['sudo', 'env', 'exec', 'command', 'nice', 'nohup', 'time', 'eatmydata', 'doas']);

/** Words from the name of the program on: `sudo -E env A=b apt-get update` is `apt-get update`. */
export function programWords({ words }: ShellCommand): readonly string[] {
  let first = 0;
  while (first < words.length - 1 && wrappers.has(baseName(words[first] ?? ''))) {
    first += 1;
    while (first < words.length - 1 && /^(?:-|[A-Za-z_]\w{0,100}=)/.test(words[first] ?? '')) first += 1;
  }
  return words.slice(first);
}

/** Name of the program a command starts, without its folder. */
export function programOf(command: ShellCommand): string {
  return baseName(programWords(command)[0] ?? '');
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Flags that take the next word, by manager. */
const valued: Readonly<Record<string, readonly string[]>> = {
  'apt-get': ['-o', '--option', '-t', '--target-release', '-c', '--config-file'],
  apt: ['-o', '--option', '-t', '--target-release', '-c'],
  apk: ['-t', '--virtual', '-X', '--repository', '-p', '--root', '--keys-dir', '--cache-dir'],
  yum: [
    '-x',
    '--exclude',
    '-c',
    '--config',
    '-R',
    '--installroot',
    '--enablerepo',
    '--disablerepo',
    '--setopt',
    '--releasever',
  ],
  dnf: [
    '-x',
    '--exclude',
    '-c',
    '--config',
    '--installroot',
    '--enablerepo',
    '--disablerepo',
    '--repo',
    '--setopt',
    '--releasever',
  ],
  microdnf: ['--enablerepo', '--disablerepo', '--setopt', '--installroot', '--releasever'],
  zypper: ['-r', '--repo', '-R', '--root', '-c', '--config'],
  pip: [
    '-r',
    '--requirement',
    '-c',
    '--constraint',
    '-i',
    '--index-url',
    '--extra-index-url',
    '-f',
    '--find-links',
    '-t',
    '--target',
    '-e',
    '--editable',
    '--prefix',
    '--root',
    '--trusted-host',
    '--platform',
    '--python-version',
    '--log',
    '--proxy',
    '--cert',
  ],
  npm: ['--prefix', '--registry', '-w', '--workspace', '--cache', '--loglevel', '--userconfig'],
  gem: ['-v', '--version', '-s', '--source', '-i', '--install-dir', '-P', '--platform'],
};

const managers: Readonly<Record<string, string>> = {
  'apt-get': 'apt-get',
  aptitude: 'apt-get',
  apt: 'apt',
  apk: 'apk',
  yum: 'yum',
  dnf: 'dnf',
  tdnf: 'dnf',
  microdnf: 'microdnf',
  zypper: 'zypper',
  pip: 'pip',
  pip2: 'pip',
  pip3: 'pip',
  npm: 'npm',
  gem: 'gem',
};

/** Commands of package managers, in order. */
export function packageCommandsOf(commands: readonly ShellCommand[]): readonly PackageCommand[] {
  return commands.flatMap((command, index): PackageCommand[] => {
    const words = withoutPythonModule(programWords(command));
    const name = baseName(words[0] ?? '');
    const manager = Object.hasOwn(managers, name) ? managers[name] : undefined;
    if (manager === undefined) return [];
    const flags: string[] = [];
    const rest: string[] = [];
    const takesNext = new Set(valued[manager] ?? []);
    for (let at = 1; at < words.length; at += 1) {
      const word = words[at] ?? '';
      if (/^(?:\d?[<>]|&>)/.test(word)) break;
      if (!word.startsWith('-')) rest.push(word);
      else {
        flags.push(word);
        if (takesNext.has(word) && at + 1 < words.length) {
          at += 1;
          flags.push(words[at] ?? '');
        }
      }
    }
    const [action = '', ...packages] = rest;
    return [{ manager, action, flags, packages, index }];
  });
}

/** `python3 -m pip install` is `pip install`. */
function withoutPythonModule(words: readonly string[]): readonly string[] {
  const isModule = /^python[\d.]{0,6}$/.test(baseName(words[0] ?? '')) && words[1] === '-m';
  return isModule ? words.slice(2) : words;
}

/** Short flags may be joined: `-yq` has `y`. */
export function hasFlag(flags: readonly string[], short: string, long: readonly string[]): boolean {
  return flags.some((flag) => {
    if (long.some((name) => flag === name || flag.startsWith(`${name}=`))) return true;
    return short !== '' && /^-[A-Za-z]{1,12}$/.test(flag) && flag.includes(short);
  });
}

/** A cache that is mounted for the time of the RUN leaves nothing in the image. */
export function hasCacheMount({ flags }: DockerCommand): boolean {
  return flags.some(({ name, value }) => name === 'mount' && /(?:^|,)type=(?:cache|tmpfs)(?:,|$)/.test(value));
}

export interface CleaningRule {
  readonly manager: string;
  readonly installs: readonly string[];
  /** What cleans up, as action and first argument; the argument may be absent. */
  readonly cleans: readonly string[];
  readonly argument?: string;
  /** Folder whose removal does the same. */
  readonly cache: string;
}

/** RUN instructions that install and do not clean up afterwards in the same instruction. */
export function uncleanedFaults(file: Dockerfile, rule: CleaningRule): readonly DockerfileFault[] {
  return faultsOfRuns(file, ({ command, commands }) => {
    if (hasCacheMount(command)) return undefined;
    const own = packageCommandsOf(commands).filter(({ manager }) => manager === rule.manager);
    const last = own.findLast(({ action }) => rule.installs.includes(action));
    if (last === undefined) return undefined;
    const isCleaned = own.some(
      ({ action, packages, index }) =>
        index > last.index &&
        rule.cleans.includes(action) &&
        (rule.argument === undefined || packages.includes(rule.argument)),
    );
    if (isCleaned || removes(commands.slice(last.index + 1), rule.cache)) return undefined;
    return `${rule.manager} ${last.action} leaves its cache in the layer`;
  });
}

/** One of the commands is an `rm` below a folder. */
export function removes(commands: readonly ShellCommand[], folder: string): boolean {
  return commands.some(
    (command) => programOf(command) === 'rm' && command.words.some((word) => word.startsWith(folder)),
  );
}

/** RUN instructions in which a manager installs and would ask. */
export function unconfirmedFaults(file: Dockerfile, rule: ConfirmationRule): readonly DockerfileFault[] {
  return faultsOfRuns(
    file,
    ({ commands }) => {
      const found = packageCommandsOf(commands).find(
        (item) =>
          rule.managers.includes(item.manager) &&
          rule.actions.includes(item.action) &&
          !hasFlag(item.flags, 'y', rule.flags) &&
          !item.flags.some((flag) => flag === '-qq' || flag === '-q=2' || flag === '-n'),
      );
      return found === undefined ? undefined : `${found.manager} ${found.action} waits for an answer that nobody gives`;
    },
    rule.edit,
  );
}

export interface ConfirmationRule {
  readonly managers: readonly string[];
  readonly actions: readonly string[];
  /** Long flags that answer yes; the short one is `y`. */
  readonly flags: readonly string[];
  readonly edit?: DockerfileEdit;
}
