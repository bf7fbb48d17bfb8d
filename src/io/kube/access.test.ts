// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterAuthority } from '../../../test/support/cluster-certificates.ts';
import type { ClusterAccess } from '../../formats/kubeconfig.ts';
import type { AccessOptions } from './access.ts';
import { findClusterAccess } from './access.ts';
import { kubeCredentials } from './credentials.ts';
import { openKubeClient } from './open-client.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kube-access-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

function configuration(user: string, cluster = 'server: https://k.example'): string {
  return `current-context: c
contexts: [{name: c, context: {cluster: k, user: u, namespace: shop}}]
clusters: [{name: k, cluster: {${cluster}}}]
users: [{name: u, user: {${user}}}]`;
}

function find(options: Partial<AccessOptions>): ClusterAccess {
  return findClusterAccess({ environment: {}, home: undefined, ...options });
}

describe('the access to a cluster', () => {
  it('comes from several files as if they were one, and the first that names something counts', () => {
    const one = write('one', 'current-context: c\nusers: [{name: u, user: {token: first}}]');
    const two = write('two', configuration('token: second'));

    const access = find({ environment: { KUBECONFIG: `${one}:${join(folder, 'absent')}:${two}` } });

    expect(access).toMatchObject({ token: { text: 'first' }, server: 'https://k.example', namespace: 'shop' });
  });

  it('is that of the pod where no configuration is', () => {
    write('namespace', 'team\n');

    const access = find({
      environment: { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' },
      podFolder: folder,
    });

    expect(access).toMatchObject({ server: 'https://[fd00::1]:6443', namespace: 'team', verification: 'on' });
  });

  it.each([
    ['insecure-skip-tls-verify: true, server: https://k.example', 'leaves out the check'],
    ['server: http://k.example', 'leaves out the check'],
  ])('is refused where nobody says who the server is (%s), unless that is allowed', (cluster, reason) => {
    const kubeconfig = write('config', configuration('token: t', cluster));

    expect(() => find({ kubeconfig })).toThrow(reason);
    expect(find({ kubeconfig, insecure: 'allowed' }).server).toContain('k.example');
  });

  it('runs no program that a configuration names, unless that is allowed', () => {
    const kubeconfig = write(
      'config',
      configuration('exec: {apiVersion: client.authentication.k8s.io/v1, command: x}'),
    );

    expect(() => find({ kubeconfig })).toThrow('from a program, which is not run');
    expect(find({ kubeconfig, programs: 'allowed' }).program).toMatchObject({ command: 'x' });
  });
});

describe('credentials', () => {
  const environment = { PATH: process.env['PATH'] };
  let time = 0;
  const now = (): number => time;

  it('are read again from the file of a token after a minute, or at once when they were refused', async () => {
    const token = write('token', 'one\n');
    const credentials = kubeCredentials({ ...plain, token: { file: token } }, { environment, now });
    const shown = async (): Promise<unknown> => (await credentials.current()).headers['authorization'];

    const first = await shown();
    write('token', 'two\n');
    const soon = await shown();
    time += 61_000;
    const later = await shown();
    write('token', 'three\n');
    credentials.refused(await credentials.current());
    const refused = await shown();
    rmSync(token);
    time += 61_000;
    const kept = await shown();

    expect([first, soon, later, refused, kept]).toEqual(
      ['one', 'one', 'two', 'three', 'three'].map((text) => `Bearer ${text}`),
    );
  });

  it.each(['', 'a b', 'a\r\nx-evil: 1', 'ä'])('do not put the token %j into a header', async (text) => {
    const credentials = kubeCredentials({ ...plain, token: { text } }, { environment, now });

    await expect(credentials.current()).rejects.toThrow('the token is empty or not one word');
  });

  it('come from a program, which gets the question in its environment and is asked again before their end', async () => {
    const expires = new Date(3_600_000).toISOString();
    const status = `{"token":"'"$A-$(echo "$KUBERNETES_EXEC_INFO" | grep -c 'k.example')"'","expirationTimestamp":"${expires}"}`;
    const script = `#!/bin/sh\necho x >> ${folder}/runs\necho '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":${status}}'`;
    chmodSync(write('plugin', script), 0o755);
    const exec = `exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, provideClusterInfo: true, env: [{name: A, value: printed}]}`;
    const access = find({ kubeconfig: write('config', configuration(exec)), programs: 'allowed' });
    time = 0;
    const credentials = kubeCredentials(access, { environment, now });

    const first = await credentials.current();
    time = 3_000_000;
    const again = await credentials.current();
    time = 3_595_000;
    const renewed = await credentials.current();

    expect(first.headers).toEqual({ authorization: 'Bearer printed-1' });
    expect(again).toBe(first);
    expect(renewed).not.toBe(first);
  });

  it.each([
    '',
    'null',
    '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"}',
    '{"status":{"token":"secret"}}',
  ])('are not taken from a program that prints %j, and what it printed is not shown', async (text) => {
    chmodSync(write('plugin', `#!/bin/sh\necho '${text}'`), 0o755);
    const exec = 'exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}';
    const access = find({ kubeconfig: write('config', configuration(exec)), programs: 'allowed' });

    const asked = kubeCredentials(access, { environment, now }).current();

    await expect(asked).rejects.toThrow(/it (?:did not print|printed neither)/);
    await expect(asked).rejects.not.toThrow(/secret/);
  });

  it('name whom the requests are for', async () => {
    const impersonation = { user: 'jane', groups: ['a', 'b'] };
    const credentials = kubeCredentials({ ...plain, impersonation }, { environment, now });

    expect((await credentials.current()).headers).toEqual({
      'impersonate-user': 'jane',
      'impersonate-group': ['a', 'b'],
    });
  });
});

const plain: ClusterAccess = {
  server: 'https://k.example',
  authority: undefined,
  verification: 'on',
  client: undefined,
  token: undefined,
  namespace: 'default',
};

describe('a connection', () => {
  const authority = clusterAuthority();
  let server: Server;

  beforeEach(async () => {
    const { certificate, key } = authority.server('127.0.0.1');
    server = createServer(
      { cert: certificate, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        const socket = request.socket as unknown as {
          authorized: boolean;
          getPeerCertificate(): { subject?: { CN?: string } };
        };
        const gitVersion = socket.authorized ? (socket.getPeerCertificate().subject?.CN ?? '') : 'anonymous';
        response.end(JSON.stringify({ gitVersion, major: '1', minor: '36+' }));
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function versionWith(access: Partial<ClusterAccess>): Promise<unknown> {
    const client = openKubeClient({
      access: { ...plain, server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, ...access },
      environment: {},
      pace: { now: () => Date.now(), random: () => 0, pause: () => Promise.resolve() },
    });
    const outcome = await client.version();
    client.close();
    return outcome;
  }

  it('shows a client certificate and trusts the authority of the cluster', async () => {
    const { certificate, key } = authority.client('auditor');

    const outcome = await versionWith({
      authority: { text: authority.certificate },
      client: { certificate: { text: certificate }, key: { text: key } },
    });

    expect(outcome).toEqual({ kind: 'found', value: { gitVersion: 'auditor', major: 1, minor: 36 } });
  });

  it.each([
    ['another authority', { authority: { text: clusterAuthority().certificate } }],
    ['no authority of its own', {}],
    ['another name', { authority: { text: authority.certificate }, serverName: 'k.example' }],
  ])('is not made to a server with %s', async (_name, access) => {
    expect(await versionWith(access)).toMatchObject({ kind: 'unknown', fault: 'unreachable' });
  });
});
