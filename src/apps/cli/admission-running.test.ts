// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { namespaceKind } from '../../../test/support/kube-client.ts';
import { KubeServer } from '../../../test/support/kube-server.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';

removeFoldersAfterEach();

const pods = { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true, verbs: ['get', 'list', 'watch'] };
const policy = `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: team }
spec:
  validationFailureAction: Enforce
  rules:
    - name: team
      match: { any: [{ resources: { kinds: [Pod] } }] }
      validate: { message: 'whose is it?', pattern: { metadata: { labels: { team: '?*' } } } }
`;

let server: KubeServer;
beforeEach(async () => {
  server = await new KubeServer([namespaceKind, pods]).listen();
  server.initialEvents = 'answered';
  for (const name of ['shop', 'kube-system']) server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
});
afterEach(() => server.close());

function put(name: string, namespace: string, labels: Readonly<Record<string, string>>): void {
  const spec = { containers: [{ name: 'a', image: 'a' }] };
  server.put({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec });
}

async function replay() {
  const configuration = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: server.url } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  };
  const cwd = testFolder({ 'p/p.yaml': policy, kubeconfig: JSON.stringify(configuration) });
  const environment = { KUBECONFIG: join(cwd, 'kubeconfig') };
  return runCommand(['admission', 'replay', '--policies', 'p', '--running'], { cwd, environment });
}

test('tells what runs now and would be refused, but for the namespaces that are never judged', async () => {
  put('mine', 'shop', { team: 'shop' });
  put('nobodys', 'shop', {});
  put('system', 'kube-system', {});

  const { status, stdout } = await replay();

  expect(stdout).toContain('Pod shop/nobodys');
  expect(stdout).toContain('0 decisions and 2 objects that are there: 1 would now be refused');
  expect(stdout).not.toContain('mine');
  expect(status).toBe(1);
});

test('is clean where nothing would be refused', async () => {
  put('mine', 'shop', { team: 'shop' });

  expect((await replay()).status).toBe(0);
});

test('a kind that cannot be read is no clean kind', async () => {
  server.fault = ({ path }) => (path === '/api/v1/pods' ? { kind: 'status', status: 403 } : undefined);

  const { status, stderr } = await replay();

  expect(stderr).toContain('not looked at: pods');
  expect(status).toBe(3);
});
