// SPDX-License-Identifier: Apache-2.0
import { defineImageCheck, stepLocation } from '../image-check.ts';

const download =
  /\b(?:curl|wget)\b[^|;&\n]{0,500}\|\s{0,20}(?:sudo\s{1,5})?(?:\/(?:usr\/)?bin\/)?(?:(?:ba|da|z|a|k)?sh|python3?|perl|node)\b/;

export const pipedDownload = defineImageCheck({
  id: 'piped-download',
  title: 'Download that is run at once',
  aliases: [],
  severity: 'medium',
  why: 'Whoever controls the server, or the way to it, decides what runs during the build.',
  remediation: 'Download to a file, compare its digest with a known one, then run it',
  urls: [],
  run: ({ steps }) =>
    steps
      .filter(({ text }) => download.test(text))
      .map((step) => ({
        message: `step ${step.number} gives a download to an interpreter without looking at it`,
        location: stepLocation(step),
        resource: `history step ${step.number}`,
        origin: step.origin,
      })),
});
