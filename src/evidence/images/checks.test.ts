// SPDX-License-Identifier: Apache-2.0
// What each check finds in images that are made wrong on purpose, and what it leaves alone.
import { describe, expect, it } from 'vitest';
import type { ImageConfig } from '../../formats/oci/config.ts';
import { checkImage } from './check-image.ts';
import { imageChecks } from './checks/index.ts';
import type { BuildStep, ImageUnderCheck } from './image-check.ts';

const runtime: ImageConfig['runtime'] = {
  user: '10001',
  environment: ['PATH=/usr/bin'],
  entrypoint: [],
  command: [],
  workingDirectory: '/',
  labels: {},
  exposedPorts: [],
  volumes: [],
  healthCheck: ['CMD', 'true'],
};

interface Parts {
  readonly runtime?: Partial<ImageConfig['runtime']>;
  readonly steps?: readonly string[];
  readonly privileged?: ImageUnderCheck['privileged'];
  readonly base?: ImageUnderCheck['base'];
}

function imageOf(parts: Parts): ImageUnderCheck {
  const steps = (parts.steps ?? []).map((text, index): BuildStep => ({ number: index + 1, text }));
  return {
    config: {
      platform: { os: 'linux', architecture: 'amd64' },
      diffIds: [],
      history: [],
      runtime: { ...runtime, ...parts.runtime },
    },
    base: parts.base,
    steps,
    privileged: parts.privileged ?? [],
  };
}

/** `check: message` of what fails. */
function faultsOf(parts: Parts): readonly string[] {
  const decisions = checkImage(imageOf(parts), { checks: imageChecks, subject: 'image:x', evidence: [] });
  return decisions
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ finding, message }) => `${finding?.kind === 'misconfiguration' ? finding.id : ''}: ${message}`);
}

const token = `ghp_${'a1B2'.repeat(9)}`;

describe('checks of images', () => {
  it('find nothing in an image without faults, and say so', () => {
    const decisions = checkImage(imageOf({}), { checks: imageChecks, subject: 'image:x', evidence: ['e'] });

    expect(decisions.map(({ outcome }) => outcome)).toEqual(imageChecks.map(() => 'pass'));
  });

  it.each([
    ['', 'no USER is set, so the image runs as root'],
    ['root', 'USER is root: the image runs as root'],
    ['0:1000', 'USER is 0:1000: the image runs as root'],
  ])('find that the user %j is root', (user, message) => {
    expect(faultsOf({ runtime: { user } })).toEqual([`root-user: ${message}`]);
  });

  it('find secrets in variables and never print them', () => {
    const faults = faultsOf({
      runtime: { environment: [`GH=${token}`, 'DB_PASSWORD=hunter2hunter2', 'API_KEY=$KEY'] },
    });

    expect(faults).toEqual([
      'secret-in-environment: the environment variable GH holds a GitHub token',
      'secret-in-environment: the environment variable DB_PASSWORD holds a secret by its name',
    ]);
  });

  it('find secrets in labels', () => {
    expect(faultsOf({ runtime: { labels: { note: `x ${token}` } } })).toEqual([
      'secret-in-label: the label note holds a GitHub token',
    ]);
  });

  it('find secrets that a build step left behind, each once', () => {
    const environment = [`GH=${token}`];
    const steps = [`ENV GH=${token}`, `RUN curl -H "Authorization: ${token.replace('a', 'z')}" https://git.example`];

    expect(faultsOf({ runtime: { environment }, steps })).toEqual([
      'secret-in-environment: the environment variable GH holds a GitHub token',
      'secret-in-history: step 2 (RUN) holds a GitHub token',
    ]);
  });

  it('find variables that a later step took out of the configuration', () => {
    expect(faultsOf({ steps: ['ENV DB_PASSWORD=hunter2hunter2', 'ENV DB_PASSWORD='] })).toEqual([
      'secret-in-history: step 1 (ENV) holds a secret by its name',
    ]);
  });

  it('find setuid files, with the package that owns them', () => {
    const file = { userId: 0, groupId: 0, layer: 'sha256:l' };
    const privileged = [
      { ...file, path: 'usr/bin/su', mode: 0o104755, owner: { name: 'util-linux', version: '2.38' } },
      { ...file, path: 'opt/helper', mode: 0o106755, userId: 33 },
    ];

    const decisions = checkImage(imageOf({ privileged }), { checks: imageChecks, subject: 'image:x', evidence: [] });

    const failed = decisions.filter(({ outcome }) => outcome === 'fail');
    expect(failed.map(({ severity, message, locations }) => [severity, message, locations[0]?.layer])).toEqual([
      ['low', 'usr/bin/su is setuid root, from the package util-linux 2.38', 'sha256:l'],
      ['medium', 'opt/helper is setuid user 33 and setgid root and belongs to no package', 'sha256:l'],
    ]);
  });

  it('find remote files that are added unchecked', () => {
    const steps = [
      'ADD https://user:secret-word@files.example/tool.tgz /opt/',
      'ADD ["https://files.example/other", "/opt/"]',
      'ADD --checksum=sha256:00 https://files.example/tool.tgz /opt/',
      `ADD https://git.example/x.git#${'a'.repeat(40)} /src`,
      'ADD file:12ab in /',
    ];

    expect(faultsOf({ steps }).filter((fault) => fault.startsWith('remote-add'))).toEqual([
      'remote-add: step 1 adds https://files.example/tool.tgz without a checksum',
      'remote-add: step 2 adds https://files.example/other without a checksum',
    ]);
  });

  it('find downloads that are run at once', () => {
    const steps = [
      'RUN curl -fsSL https://get.example | sudo bash',
      'RUN wget -qO- x | tar xz',
      'RUN curl x || sh -c y',
    ];

    expect(faultsOf({ steps })).toEqual([
      'piped-download: step 1 gives a download to an interpreter without looking at it',
    ]);
  });

  it('find the SSH port, and no other', () => {
    expect(faultsOf({ runtime: { exposedPorts: ['22/tcp', '8022/tcp', '22/udp'] } })).toEqual([
      'exposed-ssh: the port 22 (SSH) is exposed',
    ]);
  });

  it('find that there is no health check, or that it is switched off', () => {
    expect(faultsOf({ runtime: { healthCheck: [] } })).toEqual(['no-health-check: no HEALTHCHECK is set']);
    expect(faultsOf({ runtime: { healthCheck: ['NONE'] } })).toEqual([
      'no-health-check: the health check is switched off',
    ]);
  });

  it.each([
    ['registry.example/base:latest', 1],
    ['registry.example/base', 1],
    ['registry.example/base:1.2', 0],
    [`registry.example/base:latest@sha256:${'0'.repeat(64)}`, 0],
  ])('judge the tag of the base %s', (name, count) => {
    expect(faultsOf({ base: { layers: 0, steps: 0, name } })).toHaveLength(count);
  });
});
