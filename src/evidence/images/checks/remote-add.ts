// SPDX-License-Identifier: Apache-2.0
import { defineImageCheck, stepLocation } from '../image-check.ts';

export const remoteAdd = defineImageCheck({
  id: 'remote-add',
  title: 'ADD of a remote file without checksum',
  aliases: [],
  severity: 'medium',
  why: 'What the address answers may be another file at the next build, and nothing would notice.',
  remediation: 'State the digest (ADD --checksum=sha256:…), or a commit for a git address',
  urls: ['https://docs.docker.com/reference/dockerfile/#add---checksum'],
  run: ({ steps }) =>
    steps.flatMap((step) => {
      if (!/^ADD\s/.test(step.text) || /\s--checksum=\S/.test(step.text)) return [];
      const address = /\s((?:https?|git|ssh):\/\/[^\s"',\]]{1,2000})/.exec(step.text.replace(/["[\],]/g, ' '))?.[1];
      if (address === undefined || /#[0-9a-f]{40}(?::|$)/.test(address)) return [];
      return [
        {
          message: `step ${step.number} adds ${printable(address)} without a checksum`,
          location: stepLocation(step),
          resource: `history step ${step.number}`,
          origin: step.origin,
        },
      ];
    }),
});

/** Without the user name and password that an address may hold. */
function printable(address: string): string {
  return address.replace(/:\/\/[^\s/@]{1,500}@/, '://').slice(0, 200);
}
