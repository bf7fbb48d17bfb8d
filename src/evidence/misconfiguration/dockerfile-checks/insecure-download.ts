// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns, programOf, programWords } from '../package-commands.ts';

const switches: Readonly<Record<string, readonly string[]>> = {
  curl: ['-k', '--insecure'],
  wget: ['--no-check-certificate'],
  pip: ['--trusted-host'],
  pip3: ['--trusted-host'],
  npm: ['--strict-ssl=false'],
  'apt-get': ['--allow-unauthenticated', '--force-yes', '--allow-insecure-repositories'],
  apt: ['--allow-unauthenticated'],
  apk: ['--allow-untrusted'],
  yum: ['--nogpgcheck'],
  dnf: ['--nogpgcheck'],
  zypper: ['--no-gpg-checks'],
};
const fetching = new Set(['curl', 'wget']);

export const insecureDownload = defineDockerfileCheck({
  id: 'insecure-download',
  title: 'A download is not protected',
  aliases: [],
  severity: 'high',
  why: 'Without TLS, or with its checks switched off, anyone on the way can replace what is fetched.',
  remediation: 'Use https and leave certificates checked',
  urls: ['https://curl.se/docs/sslcerts.html'],
  example: {
    good: 'FROM alpine:3.20\nRUN curl -fsSO https://files.example/a\n',
    bad: 'FROM alpine:3.20\nRUN curl -k -O https://files.example/a\n',
  },
  run: (file) =>
    faultsOfRuns(file, ({ commands }) => {
      for (const command of commands) {
        const program = programOf(command);
        const words = programWords(command).slice(1);
        const known = Object.hasOwn(switches, program) ? switches[program] : undefined;
        const off = known?.find((flag) => words.includes(flag));
        if (off !== undefined) return `${program} ${off} does not check whom it talks to`;
        const plain = fetching.has(program)
          ? words.find((word) => /^(?:http|ftp):\/\/(?!localhost|127\.|\[::1\])/.test(word))
          : undefined;
        if (plain !== undefined && !words.includes('--fail-with-body')) {
          return `${program} fetches ${(plain.split('?')[0] ?? '').replace(/\/\/[^/@]{0,200}@/, '//').slice(0, 200)} without TLS`;
        }
      }
      return undefined;
    }),
});
