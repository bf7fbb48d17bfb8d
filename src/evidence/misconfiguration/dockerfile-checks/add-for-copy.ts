// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

/** Archives are unpacked and addresses fetched; COPY does neither. */
function needsAdd(source: string): boolean {
  return /^(?:https?|ftp|ssh|git):\/\/|^git@|\.git(?:#|$)|\.(?:tar|tgz|tbz2?|txz|tzst)(?:\.|$|\*)|\.tar\./i.test(
    source,
  );
}

/** `ADD file:<digest> in /`, as the history of an image writes it. */
function isFromHistory(words: readonly string[]): boolean {
  return /^(?:file|multi|dir):/.test(words[0] ?? '');
}

export const addForCopy = defineDockerfileCheck({
  id: 'add-for-copy',
  title: 'ADD is used where COPY does',
  aliases: ['CIS-DI-0009', 'DL3020', 'DS-0005'],
  severity: 'low',
  why: 'ADD unpacks archives and fetches addresses, which surprises and may write outside of its target.',
  remediation: 'Use COPY for files of the build context',
  urls: ['https://docs.docker.com/build/building/best-practices/#add-or-copy'],
  example: { good: 'FROM alpine:3.20\nCOPY app /app\n', bad: 'FROM alpine:3.20\nADD app /app\n' },
  run: ({ commands }) =>
    commands
      .filter(({ keyword, words }) => keyword === 'ADD' && !words.slice(0, -1).some(needsAdd) && !isFromHistory(words))
      .map((command) => ({
        ...faultAt(command, `ADD copies ${command.words[0]?.slice(0, 200) ?? ''}, which is no archive and no address`),
        edit: { from: 'ADD', to: 'COPY', safety: 'safe' as const },
      })),
});
