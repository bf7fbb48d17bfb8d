// SPDX-License-Identifier: Apache-2.0
import type { ShellCommand } from '../../../formats/shell-commands.ts';
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns, programOf } from '../package-commands.ts';

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'python', 'python3', 'perl', 'ruby', 'node', 'php']);

/** One of the commands of the same pipe fetches something. */
function isDownload(commands: readonly ShellCommand[], at: number): boolean {
  for (let index = at; index > 0 && commands[index]?.after === '|'; index -= 1) {
    const before = commands[index - 1];
    if (before !== undefined && ['curl', 'wget'].includes(programOf(before))) return true;
  }
  return false;
}

export const pipedDownload = defineDockerfileCheck({
  id: 'piped-download',
  title: 'A download is run at once',
  aliases: ['DL4006'],
  severity: 'high',
  why: 'Nobody looks at what is run, and half a download runs as well.',
  remediation: 'Download to a file, check its digest or signature, and run it then',
  urls: ['https://docs.docker.com/build/building/best-practices/#using-pipes'],
  example: {
    good: 'FROM alpine:3.20\nRUN curl -fsSo install.sh https://files.example/install.sh && sha256sum -c install.sum && sh install.sh\n',
    bad: 'FROM alpine:3.20\nRUN curl -fsS https://files.example/install.sh | sh\n',
  },
  run: (file) =>
    faultsOfRuns(file, ({ commands }) => {
      const index = commands.findIndex(
        (command, at) => command.after === '|' && shells.has(programOf(command)) && isDownload(commands, at),
      );
      if (index !== -1) return 'a download is given to an interpreter without looking at it';
      const isEvaluated = commands.some(
        (command, at) =>
          (command.words[0] === 'eval' ||
            /^\.$|^source$/.test(command.words[0] ?? '') ||
            shells.has(programOf(command))) &&
          command.words.some((word) => /^(?:\$\(|<\()\s{0,20}(?:curl|wget)\b/.test(word)) &&
          at >= 0,
      );
      return isEvaluated ? 'a download is evaluated without looking at it' : undefined;
    }),
});
