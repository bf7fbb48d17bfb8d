// SPDX-License-Identifier: Apache-2.0
import type { DockerCommand } from '../../../formats/dockerfile-stages.ts';
import { assignmentsOf, lineageOf } from '../../../formats/dockerfile-stages.ts';
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';
import { isSecretName } from '../secret-names.ts';

/** Variables of well-known programs that are secrets, or halves of them. */
const known = new Set([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AZURE_CLIENT_ID',
  'AZURE_CLIENT_SECRET',
  'GITHUB_TOKEN',
  'OPENAI_API_KEY',
  'HF_TOKEN',
]);
/** Variables that name a file with a secret. */
const fileVariables = new Set(['AWS_CONFIG_FILE', 'HF_TOKEN_PATH', 'GOOGLE_APPLICATION_CREDENTIALS']);
/** Build tools put variables with these beginnings into what browsers load. */
const published = /^(?:VITE_|REACT_APP_|NEXT_PUBLIC_)/;

function variableFault(command: DockerCommand, targets: readonly string[]): string | undefined {
  if (command.keyword !== 'ARG' && command.keyword !== 'ENV') return undefined;
  for (const { name, value } of assignmentsOf(command)) {
    const plain = name.replace(published, '');
    const isNamed = isSecretName(plain) && (command.keyword === 'ARG' || (value ?? '') !== '');
    if (known.has(plain) || isNamed) return `${command.keyword} ${name.slice(0, 100)} is a secret by its name`;
    if (fileVariables.has(plain) && targets.some((target) => isBelow(value ?? '', target)))
      return `${command.keyword} ${name.slice(0, 100)} names a file that is copied into the image`;
  }
  return undefined;
}

function isBelow(path: string, folder: string): boolean {
  const clean = (text: string): string => text.replace(/^\.?\//, '').replace(/\/$/, '');
  const target = clean(folder);
  return (
    path !== '' && (target === '' || target === '.' || clean(path) === target || clean(path).startsWith(`${target}/`))
  );
}

function copyFault({ keyword, words }: DockerCommand): string | undefined {
  if (keyword !== 'COPY') return undefined;
  const variable = /^\$\{?(\w{1,100})\}?$/.exec(words.at(-1) ?? '')?.[1] ?? '';
  return fileVariables.has(variable) ? `COPY writes the secret file that ${variable} names` : undefined;
}

const logins =
  /\baws configure set aws_(?:access_key_id|secret_access_key)\b|\bgcloud auth activate-service-account\b|\baz login\b/;

function credentialFault({ keyword, flags, text, hereDocuments }: DockerCommand): string | undefined {
  if (keyword !== 'RUN' || flags.some(({ name, value }) => name === 'mount' && value.includes('type=secret')))
    return undefined;
  const found = [text, ...hereDocuments.map(({ body }) => body)].find((part) => logins.test(part));
  return found === undefined ? undefined : 'RUN logs in to a cloud with credentials that stay in the layer';
}

export const secretInBuild = defineDockerfileCheck({
  id: 'secret-in-build',
  title: 'A secret goes into the image',
  aliases: ['CIS-DI-0010', 'DS-0031'],
  severity: 'critical',
  why: 'Arguments, variables and layers stay in the image and its history for everybody who can pull it.',
  remediation: 'Use RUN --mount=type=secret while building, and give secrets to the container when it runs',
  urls: ['https://docs.docker.com/build/building/secrets/'],
  example: {
    good: 'FROM alpine:3.20\nRUN --mount=type=secret,id=token cat /run/secrets/token > /dev/null\n',
    bad: 'FROM alpine:3.20\nARG GITHUB_TOKEN\n',
  },
  run: ({ stages }) => {
    const last = stages.at(-1);
    if (last === undefined) return [];
    const commands = lineageOf(last)
      .toReversed()
      .flatMap((stage) => stage.commands);
    const targets = commands.filter(({ keyword }) => keyword === 'COPY').map(({ words }) => words.at(-1) ?? '');
    return commands.flatMap((command) => {
      const message = variableFault(command, targets) ?? copyFault(command) ?? credentialFault(command);
      return message === undefined ? [] : [faultAt(command, message)];
    });
  },
});
