// SPDX-License-Identifier: Apache-2.0
// Help texts from the tables of commands, flags and reports.
import { version } from '../../model/version.ts';
import type { CommandEntry, FormatKind } from './command.ts';
import type { FlagGroup } from './flags/flag.ts';
import { environmentName, flagTable, generalFlags } from './flags.ts';
import { formatsOf } from './formats.ts';

const groupTitles: Readonly<Record<FlagGroup, string>> = {
  input: 'What to look at',
  filter: 'What counts',
  signature: 'Signatures',
  output: 'Output',
  database: 'Advisory database',
  general: 'General',
};

/** `landwaiter --help`. */
export function programHelp(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    `landwaiter ${version}: what is in your software, what is wrong with it, and may it run`,
    '',
    'Usage: landwaiter COMMAND [FLAGS] [OPERANDS]      (lw is short for landwaiter)',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'Targets: dir:PATH  git:PATH[@REVISION]  file:PATH  sbom:FILE  rootfs:PATH; images: image:REFERENCE  oci-dir:PATH  oci-archive:FILE',
    'docker-archive:FILE. Without a scheme the kind is detected and said; image: is the only one that uses the network.',
    'Exit status: 0 clean, 1 findings, 2 wrong usage or configuration, 3 something could not be looked at.',
    '',
    'landwaiter COMMAND --help tells more; docs/ has a page for each command, format and check.',
    '',
  ].join('\n');
}

/** `landwaiter COMMAND --help`. */
export function commandHelp(command: CommandEntry): string {
  const lines = [
    command.summary,
    '',
    `Usage: landwaiter ${command.name} [FLAGS] ${command.operands}`.trimEnd(),
    '',
    ...wrap(command.description, 100),
    '',
  ];
  for (const group of Object.keys(groupTitles) as FlagGroup[]) {
    const names = [...command.flags, ...generalFlags].filter((name) => flagTable[name]?.group === group);
    if (names.length === 0) continue;
    lines.push(`${groupTitles[group]}:`, ...names.flatMap((name) => flagHelp(name)), '');
  }
  if (command.formats !== undefined) lines.push('Formats:', ...formatHelp(command.formats), '');
  if (command.examples.length > 0) {
    lines.push(
      'Examples:',
      ...command.examples.flatMap((example) => [`  ${example.command}`, `      ${example.does}`]),
      '',
    );
  }
  lines.push('Exit status:', ...Object.entries(command.exits).map(([code, meaning]) => `  ${code}  ${meaning}`), '');
  return lines.join('\n');
}

function flagHelp(name: string): string[] {
  const flag = flagTable[name];
  if (flag === undefined) return [];
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
  const head = `  ${short}--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`;
  const choices = flag.choices === undefined ? '' : `: ${flag.choices.join(', ')}`;
  const notes = [
    flag.default === undefined ? undefined : `default ${flag.default}`,
    flag.aliases === undefined ? undefined : `also ${flag.aliases.map((alias) => `--${alias}`).join(', ')}`,
  ].filter((note) => note !== undefined);
  const text = `${flag.summary}${choices}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
  return [head, ...wrap(text, 90).map((line) => `          ${line}`)];
}

function formatHelp(kind: FormatKind): string[] {
  const names = formatsOf(kind).map((report) =>
    report.aliases.length === 0 ? report.id : `${report.id} (${report.aliases.join(', ')})`,
  );
  return wrap(names.join(', '), 96).map((line) => `  ${line}`);
}

/** Breaks a text at spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** For docs/cli.md: which variable sets a flag. */
export function variableOf(name: string): string | undefined {
  return flagTable[name]?.configurable === false ? undefined : environmentName(name);
}
