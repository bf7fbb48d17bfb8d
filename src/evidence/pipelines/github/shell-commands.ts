// SPDX-License-Identifier: Apache-2.0
// The commands of a script: their names, arguments and redirections. What a check needs to recognise `npm publish` or `>> $GITHUB_ENV`; no shell.
import type { ShellDialect, ShellToken, ShellWord } from './shell-words.ts';
import { shellTokens } from './shell-words.ts';

export interface ShellCommand {
  /** Without path and `.exe`, in PowerShell in lower case. */
  readonly name: string;
  /** The word that names it; absent for a redirection alone. */
  readonly first?: ShellWord;
  readonly words: readonly ShellWord[];
  readonly redirections: readonly { readonly operator: string; readonly target: ShellWord }[];
  readonly start: number;
  readonly end: number;
  /** It reads what another command writes. */
  readonly isPiped: boolean;
}

/** What stands before a command without being one. */
const keywords: ReadonlySet<string> = new Set([
  'if',
  'then',
  'elif',
  'else',
  'while',
  'until',
  'do',
  '!',
  '{',
  'time',
  'fi',
  'done',
  'esac',
  '}',
]);

/** Substitutions inside of words are commands of their own; deeper than this they are left out. */
const deepest = 8;

/** Commands in the order in which they begin. */
export function shellCommands(script: string, dialect: ShellDialect): readonly ShellCommand[] {
  const found: ShellCommand[] = [];
  collect({ script, dialect, within: { start: 0, end: script.length }, depth: 0 }, found);
  return found.sort((first, second) => first.start - second.start);
}

interface Part {
  readonly script: string;
  readonly dialect: ShellDialect;
  readonly within: { readonly start: number; readonly end: number };
  readonly depth: number;
}

function collect(part: Part, found: ShellCommand[]): void {
  let tokens: ShellToken[] = [];
  let isPiped = false;
  for (const token of [...shellTokens(part.script, part.dialect, part.within), undefined]) {
    if (token !== undefined && !isSeparator(token)) {
      tokens.push(token);
      continue;
    }
    const command = commandOf(tokens, { dialect: part.dialect, isPiped });
    if (command !== undefined) found.push(command);
    if (part.depth < deepest) {
      for (const word of tokens)
        if (word.kind === 'word')
          for (const within of word.inner) collect({ ...part, within, depth: part.depth + 1 }, found);
    }
    tokens = [];
    isPiped = token?.kind === 'operator' && (token.text === '|' || token.text === '|&');
  }
}

const redirectionOperators: ReadonlySet<string> = new Set([
  '>',
  '>>',
  '<',
  '<<',
  '<<-',
  '<<<',
  '&>',
  '&>>',
  '>&',
  '<&',
  '>|',
]);

function isSeparator(token: ShellToken): boolean {
  return token.kind === 'operator' && !isRedirection(token.text);
}

function isRedirection(text: string): boolean {
  return redirectionOperators.has(text) || /^[*1-6]>$/.test(text);
}

function commandOf(
  tokens: readonly ShellToken[],
  { dialect, isPiped }: { readonly dialect: ShellDialect; readonly isPiped: boolean },
): ShellCommand | undefined {
  const words: ShellWord[] = [];
  const redirections: { operator: string; target: ShellWord }[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind === 'word') {
      words.push(token);
      continue;
    }
    const target = tokens[at + 1];
    if (token === undefined || target?.kind !== 'word') continue;
    redirections.push({ operator: token.text, target });
    at += 1;
  }
  while (words[0] !== undefined && isBeforeCommand(words[0])) words.shift();
  const [first, ...rest] = words;
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) {
    const target = redirections[0]?.target;
    // `{ ...; } >> file`: the group was cut off before; what is left is a redirection alone.
    return target === undefined
      ? undefined
      : { name: '', words: [], redirections, start: target.start, end: target.end, isPiped };
  }
  return {
    name: nameOf(first.text, dialect),
    first,
    words: rest,
    redirections,
    start: first.start,
    end: last.end,
    isPiped,
  };
}

/** Keywords, and `NAME=value` before a command. */
function isBeforeCommand(word: ShellWord): boolean {
  return keywords.has(word.raw) || /^[A-Za-z_]\w*\+?=/.test(word.raw);
}

function nameOf(text: string, dialect: ShellDialect): string {
  const name = text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1).replace(/\.exe$/i, '');
  return dialect === 'powershell' ? name.toLowerCase() : name;
}

/** Programs that run the command which follows them, and how to find it. */
const wrappers: Readonly<Record<string, (words: readonly string[]) => number | undefined>> = {
  sudo: afterOptions,
  env: (words) => words.findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word)),
  exec: afterOptions,
  command: afterOptions,
  nohup: afterOptions,
  bundle: (words) => (words[0] === 'exec' ? 1 : undefined),
  pipx: (words) => (words[0] === 'run' ? 1 + afterOptions(words.slice(1)) : undefined),
  uvx: afterOptions,
  uv: (words) =>
    words[0] === 'run'
      ? 1 + afterOptions(words.slice(1))
      : words[0] === 'tool' && words[1] === 'run'
        ? 2 + afterOptions(words.slice(2))
        : undefined,
  npx: afterOptions,
  bunx: afterOptions,
};

function afterOptions(words: readonly string[]): number {
  const at = words.findIndex((word) => !word.startsWith('-'));
  return at === -1 ? words.length : at;
}

/** Name and arguments as texts. */
export function plainCommand(command: ShellCommand): { readonly name: string; readonly words: readonly string[] } {
  return { name: command.name, words: command.words.map(({ text }) => text) };
}

/** Name and arguments of what is run in the end: `bundle exec gem push` is `gem push`, `python -m twine upload` is `twine upload`. */
export function effectiveCommand(command: ShellCommand): { readonly name: string; readonly words: readonly string[] } {
  let { name, words } = plainCommand(command);
  for (let round = 0; round < 4; round += 1) {
    const module = /^python[\d.]*$/.test(name) || name === 'py' ? words.indexOf('-m') : -1;
    const wrapped = module === -1 ? wrappers[name]?.(words) : module + 1;
    const next = wrapped === undefined || wrapped < 0 ? undefined : words[wrapped];
    if (wrapped === undefined || next === undefined) break;
    // `pipx run twine==6.1.0`: the version is no part of the name.
    name = withoutVersion(next);
    words = words.slice(wrapped + 1);
  }
  return { name, words };
}

function withoutVersion(name: string): string {
  const at = name.search(/==|@/);
  return at > 0 ? name.slice(0, at) : name;
}

/** The dialect of a shell as workflows name it (`/bin/bash -e {0}`); undefined for those whose scripts cannot be cut. */
export function dialectOf(shell: string): ShellDialect | undefined {
  const name = shellName(shell);
  if (name === 'bash' || name === 'sh' || name === 'zsh') return 'posix';
  return name === 'pwsh' || name === 'powershell' ? 'powershell' : undefined;
}

/** Name of the program without path, `.exe` and arguments, in lower case. */
export function shellName(shell: string): string {
  const program = shell.trim().split(/\s+/)[0] ?? '';
  return program
    .slice(Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\')) + 1)
    .replace(/\.exe$/i, '')
    .toLowerCase();
}
