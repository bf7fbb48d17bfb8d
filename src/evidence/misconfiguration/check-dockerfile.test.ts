// SPDX-License-Identifier: Apache-2.0
// The contract of every check of Dockerfiles, and how exemptions in comments and fixes work.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../model/decision.ts';
import { checkDockerfile } from './check-dockerfile.ts';
import { manifestChecks } from './checks/index.ts';
import { dockerfileChecks } from './dockerfile-checks/index.ts';

const files = readdirSync(fileURLToPath(new URL('dockerfile-checks', import.meta.url)))
  .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
  .map((file) => basename(file, '.ts'));

function failures(text: string, ids: readonly string[], today?: string): readonly Decision[] {
  const checks = dockerfileChecks.filter(({ id }) => ids.includes(id));
  const decisions = checkDockerfile(
    { path: 'Dockerfile', text },
    { checks, subject: 'tree', evidence: [], ...(today === undefined ? {} : { today }) },
  );
  expect(decisions.filter(({ outcome }) => outcome === 'error')).toEqual([]);
  return decisions.filter(({ outcome }) => outcome === 'fail');
}

describe('checks of Dockerfiles', () => {
  it('are listed once each, under the name of their file, apart from those of manifests', () => {
    const ids = dockerfileChecks.map(({ id }) => id);

    expect(ids.toSorted()).toEqual(files.toSorted());
    const manifestIds = new Set(manifestChecks.map(({ id }) => id));
    expect(ids.filter((id) => manifestIds.has(id))).toEqual([]);
  });

  it.each(dockerfileChecks.map((check) => [check.id, check] as const))('%s is explained', (id, check) => {
    expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(check.aliases).toEqual([...check.aliases].sort());
    for (const text of [check.title, check.why, check.remediation]) expect(text).toMatch(/^\S.*\S$/);
    expect(check.remediation).not.toMatch(/\.$/);
  });

  it.each(dockerfileChecks.map((check) => [check.id, check] as const))('%s tells its examples apart', (id, check) => {
    expect(failures(check.example.good, [id]).map(({ message }) => message)).toEqual([]);
    expect(failures(check.example.bad, [id])).not.toEqual([]);
  });
});

describe('single checks', () => {
  it.each([
    ['FROM scratch', 0],
    ['FROM a:1@sha256:0000000000000000000000000000000000000000000000000000000000000000', 0],
    ['FROM registry.example:5000/a', 1],
    ['ARG T=latest\nFROM a:${T}', 1],
    ['ARG T\nFROM a:${T}', 0],
    ['FROM a${T}', 0],
    ['FROM ${R}/a', 1],
    ['FROM a:1 AS b\nFROM b', 0],
  ])('base-image-tag judges %j', (text, count) => {
    expect(failures(text, ['base-image-tag'])).toHaveLength(count);
  });

  it.each([
    ['FROM a:1\nUSER app\nUSER root', 1],
    ['FROM a:1\nUSER 0:1000', 1],
    ['FROM a:1 AS b\nUSER app\nFROM b', 0],
    ['FROM a:1 AS b\nUSER app\nFROM c:1', 1],
    ['FROM a:1\nARG U=root\nUSER ${U}', 1],
  ])('root-image-user judges %j', (text, count) => {
    expect(failures(text, ['root-image-user'])).toHaveLength(count);
  });

  it.each([
    ['RUN apt-get -qq update && apt-get install -yq x', 'apt-get-unconfirmed', 0],
    ['RUN apt-get install x -y', 'apt-get-unconfirmed', 0],
    ['RUN DEBIAN_FRONTEND=noninteractive apt-get install --assume-yes x', 'apt-get-unconfirmed', 0],
    ['RUN env A=b apt-get install x', 'apt-get-unconfirmed', 1],
    ['RUN --mount=type=cache,target=/var/cache/yum yum install -y x', 'yum-cache-kept', 0],
    ['RUN yum install -y x && rm -rf /var/cache/yum', 'yum-cache-kept', 0],
    ['RUN yum clean all && yum install -y x', 'yum-cache-kept', 1],
    ['RUN apk update && apk add x', 'update-alone', 0],
    ['RUN <<EOF\napk update\nEOF', 'update-alone', 1],
    ['RUN apt-get install -y sudo', 'sudo', 0],
    ['RUN ["sudo", "x"]', 'sudo', 1],
    ['RUN curl x | tar xz', 'piped-download', 0],
    ['RUN curl x | tee y | sudo -E bash -', 'piped-download', 1],
    ['RUN bash -c "$(curl x)"', 'piped-download', 1],
    ['RUN pip install -r requirements.txt', 'package-version', 0],
    ['RUN pip install a==1 b', 'package-version', 1],
    ['RUN npm install @scope/a@1.2.3', 'package-version', 0],
    ['RUN npm install @scope/a', 'package-version', 1],
    ['ADD https://a.example/b.tar /b', 'add-for-copy', 0],
    ['ADD a.tar.gz b.tgz /c/', 'add-for-copy', 0],
    ['COPY --chmod=777 a /a', 'world-writable', 1],
    ['ENV PASSWORD_FILE=/run/secrets/p', 'secret-in-build', 0],
    ['ENV DB_PASSWORD=x', 'secret-in-build', 1],
    ['ARG NPM_TOKEN', 'secret-in-build', 1],
    ['COPY keys /app\nENV GOOGLE_APPLICATION_CREDENTIALS=/app/key.json', 'secret-in-build', 1],
    ['RUN constructor x && toString --insecure', 'insecure-download', 0],
    ['RUN wget http://localhost:80/x', 'insecure-download', 0],
    ['RUN wget http://files.example/x', 'insecure-download', 1],
  ])('%j: %s finds %i', (line, id, count) => {
    expect(failures(`FROM a:1\n${line}\n`, [id])).toHaveLength(count);
  });

  it('never print credentials of addresses', () => {
    const [fault] = failures('FROM a:1\nADD https://user:hunter2@files.example/x /x', ['remote-add-unchecked']);

    expect(fault?.message).toBe('https://files.example/x is fetched without a checksum');
  });
});

describe('exemptions in comments', () => {
  it.each([
    '# hadolint ignore=DL3004,DL3008\nRUN sudo x',
    '# trivy:ignore:AVD-DS-0010\nRUN sudo x',
    '# landwaiter:ignore=sudo until=2026-12-31 needed\n# another\nRUN sudo x',
    'RUN a && \\\n  # trivy:ignore:DS010\n  sudo x',
    '# hadolint global ignore=DL3004\nUSER a\nRUN sudo x',
  ])('count for the instruction: %j', (lines) => {
    const [fault] = failures(`FROM a:1\n${lines}\n`, ['sudo'], '2026-07-01');

    expect(fault?.suppressed?.by).toBe('ignore');
  });

  it('do not count for other checks, other instructions or after their day', () => {
    const text =
      'FROM a:1\n# hadolint ignore=DL3008\nRUN sudo x\n# landwaiter:ignore=sudo until=2026-01-01\nRUN sudo y\nRUN sudo z # x\n';

    expect(failures(text, ['sudo'], '2026-07-01').map(({ suppressed }) => suppressed)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('fixes', () => {
  it.each([
    ['add-for-copy', '  add  x /x # y', '  COPY  x /x # y'],
    ['apk-cache-kept', 'RUN a && \\\n    apk add b', 'RUN a && \\\n    apk add --no-cache b'],
    ['apt-get-unconfirmed', 'RUN apt-get install b', 'RUN apt-get install -y b'],
    ['recommended-packages', 'RUN apt-get -q install b', undefined],
    ['maintainer', 'MAINTAINER A "B" <c>', 'LABEL org.opencontainers.image.authors="A B <c>"'],
  ])('of %s change %j to %j', (id, line, expected) => {
    const text = `FROM a:1\n${line}\nRUN apk add x; apt-get install x\n`;
    const [fault] = failures(text, [id]);
    const fix = fault?.finding?.kind === 'misconfiguration' ? fault.finding.fix : undefined;

    const [edit] = fix?.edits ?? [];
    const fixed = edit === undefined ? undefined : text.slice(0, edit.start) + edit.text + text.slice(edit.end);
    expect(fixed).toBe(expected === undefined ? undefined : text.replace(line, expected));
  });
});

describe('a file without instructions', () => {
  it('is skipped', () => {
    const decisions = checkDockerfile(
      { path: 'Dockerfile', text: '# nothing' },
      { checks: dockerfileChecks, subject: 'tree', evidence: [] },
    );

    expect(new Set(decisions.map(({ outcome }) => outcome))).toEqual(new Set(['skip']));
  });
});
