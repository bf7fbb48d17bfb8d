// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

const secretFiles =
  /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.env(?:\.(?:local|production|prod))?|\.npmrc|\.pypirc|\.netrc|\.git-credentials|\.htpasswd|\.aws|\.ssh|\.kube|kubeconfig|credentials(?:\.json)?|service-account\.json|[\w.-]{1,100}\.(?:pfx|p12|jks|kdbx))$/;

export const secretFileCopied = defineDockerfileCheck({
  id: 'secret-file-copied',
  title: 'A file with secrets is copied into the image',
  aliases: ['CIS-DI-0010'],
  severity: 'high',
  why: 'Whoever can pull the image can read the file, also when a later layer removes it.',
  remediation: 'Leave the file out with .dockerignore and use RUN --mount=type=secret',
  urls: ['https://docs.docker.com/build/building/secrets/'],
  example: { good: 'FROM alpine:3.20\nCOPY app /app\n', bad: 'FROM alpine:3.20\nCOPY id_rsa /root/.ssh/id_rsa\n' },
  run: ({ commands }) =>
    commands.flatMap((command) => {
      if (command.keyword !== 'COPY' && command.keyword !== 'ADD') return [];
      const found = command.words.slice(0, -1).find((source) => secretFiles.test(source) && !source.endsWith('.pub'));
      return found === undefined ? [] : [faultAt(command, `${found.slice(0, 200)} usually holds secrets`)];
    }),
});
