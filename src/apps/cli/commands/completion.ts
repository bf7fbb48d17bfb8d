// SPDX-License-Identifier: Apache-2.0
// `landwaiter completion SHELL`: scripts from the tables of commands and flags.
import { LandwaiterError } from '../../../model/error.ts';
import { reports } from '../../../report/index.ts';
import type { CommandContext, CommandEntry } from '../command.ts';
import { flagTable, generalFlags } from '../flags.ts';
import { commands } from './index.ts';

const shells: Readonly<Record<string, () => string>> = { bash, zsh, fish };

export async function run(context: CommandContext, operands: readonly string[]): Promise<number> {
  const write = shells[operands[0] ?? ''];
  if (write === undefined || operands.length !== 1) {
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'completion takes one shell',
      hint: 'landwaiter completion bash, zsh or fish',
    });
  }
  context.stdout.write(write());
  return 0;
}

/** Long forms, aliases included, that a command takes. */
function flagWords(command: CommandEntry): string[] {
  return [...command.flags, ...generalFlags]
    .flatMap((name) => [name, ...(flagTable[name]?.aliases ?? [])])
    .map((name) => `--${name}`);
}

function valuesOf(name: string): readonly string[] {
  if (name === 'format') return reports.flatMap((report) => [report.id, ...report.aliases]);
  return flagTable[name]?.choices ?? [];
}

function flagsWithValues(): string[] {
  return Object.keys(flagTable).filter((name) => valuesOf(name).length > 0);
}

function bash(): string {
  const perCommand = commands.map((command) => `    ${command.name}) words="${flagWords(command).join(' ')}" ;;`);
  const perFlag = flagsWithValues().map(
    (name) => `    --${name}) COMPREPLY=($(compgen -W "${valuesOf(name).join(' ')}" -- "$word")); return ;;`,
  );
  return `_landwaiter() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map((command) => command.name).join(' ')} help version" -- "$word"))
    return
  fi
  case "$before" in
${perFlag.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${perCommand.join('\n')}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _landwaiter landwaiter lw
`;
}

function zsh(): string {
  const perCommand = commands.map((command) => {
    const specs = [...command.flags, ...generalFlags].map((name) => {
      const flag = flagTable[name];
      const summary = (flag?.summary ?? '').replace(/[[\]:'`]/g, '');
      const values = valuesOf(name);
      const action =
        flag?.type === 'boolean' ? '' : values.length > 0 ? `:value:(${values.join(' ')})` : ':value:_files';
      return `'--${name}[${summary}]${action}'`;
    });
    return `    ${command.name}) _arguments ${specs.join(' ')} '*:target:_files' ;;`;
  });
  return `#compdef landwaiter lw
_landwaiter() {
  if (( CURRENT == 2 )); then
    _values command ${commands.map((command) => `'${command.name}[${command.summary.replace(/[[\]:']/g, '')}]'`).join(' ')}
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${perCommand.join('\n')}
  esac
}
compdef _landwaiter landwaiter lw
`;
}

function fish(): string {
  const lines: string[] = [];
  for (const program of ['landwaiter', 'lw']) {
    for (const command of commands) {
      lines.push(`complete -c ${program} -n __fish_use_subcommand -f -a ${command.name} -d ${quote(command.summary)}`);
      for (const name of [...command.flags, ...generalFlags]) {
        const flag = flagTable[name];
        const values = valuesOf(name);
        const argument =
          flag?.type === 'boolean' ? '' : values.length > 0 ? ` -x -a ${quote(values.join(' '))}` : ' -r';
        const short = flag?.short === undefined ? '' : ` -s ${flag.short}`;
        lines.push(
          `complete -c ${program} -n '__fish_seen_subcommand_from ${command.name}' -l ${name}${short}${argument} -d ${quote(flag?.summary ?? '')}`,
        );
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
