// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const remoteAddUnchecked = defineDockerfileCheck({
  id: 'remote-add-unchecked',
  title: 'ADD fetches a file without a checksum',
  aliases: [],
  severity: 'medium',
  why: 'What the address gives can change from build to build without anybody noticing.',
  remediation: 'Add --checksum=sha256: and the digest, or pin a Git address to a commit',
  urls: ['https://docs.docker.com/reference/dockerfile/#add---checksum'],
  example: {
    good: 'FROM alpine:3.20\nADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 https://files.example/a /a\n',
    bad: 'FROM alpine:3.20\nADD https://files.example/a /a\n',
  },
  run: ({ commands }) =>
    commands.flatMap((command) => {
      if (command.keyword !== 'ADD' || command.flags.some(({ name }) => name === 'checksum')) return [];
      const found = command.words.slice(0, -1).find((word) => /^(?:https?|git|ssh):\/\/|^git@/.test(word));
      if (found === undefined || /\.git#[0-9a-f]{40,64}(?::|$)/.test(found)) return [];
      const shown = (found.split('?')[0] ?? '').replace(/\/\/[^/@]{0,200}@/, '//').slice(0, 200);
      return [faultAt(command, `${shown} is fetched without a checksum`)];
    }),
});
