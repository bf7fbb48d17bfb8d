// SPDX-License-Identifier: Apache-2.0
// The webhook as it is installed, with 300 policies and 10,000 namespaces at hand, after 20,000 reviews: its resident memory against the limit of 256 MB.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeAuthority, makeServingCertificate } from '../../src/apps/server/admission/certificates.ts';
import { asInTheChart, callServer, memoryOf } from './admission-process.ts';
import { policyText } from './admission-set.ts';
import type { Bench } from './bench.ts';
import { launcher } from './process.ts';

const policies = 300;
const namespaces = 10_000;
const limit = 256;

export const admissionMemory: Bench = {
  name: 'admission-memory',
  title: `resident MB of the webhook with ${policies} policies and ${namespaces} namespaces, against the limit`,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'landwaiter-bench-'));
    const authority = writeInputs(folder);
    const path = (name: string): string => join(folder, name);
    const files = ['--policies', path('policies'), '--tls-certificate', path('tls.crt'), '--tls-key', path('tls.key')];
    const child = spawn(
      process.execPath,
      [...asInTheChart.flags, launcher, 'admission', 'serve', '--listen', '127.0.0.1:0', ...files],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, ...asInTheChart.environment },
      },
    );
    try {
      const port = await new Promise<number>((resolve, reject) => {
        child.once('exit', (status) => reject(new Error(`the webhook ended with ${status}`)));
        createInterface({ input: child.stderr }).on('line', (line) => {
          const found = /https:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
          if (found !== undefined) resolve(Number(found));
        });
      });
      const idle = memoryOf(child.pid, 'VmRSS');
      const order = { connections: 16, seconds: 15, warmUpSeconds: 0, hostileEvery: 100, expects: 'answers' } as const;
      const server = { port, authority, rss: () => 0, peak: () => 0, cpu: () => 0, stop: () => Promise.resolve() };
      const { requests } = await callServer(server, order);
      return {
        unit: 'MB',
        value: memoryOf(child.pid, 'VmRSS'),
        baseline: limit,
        detail: { 'idle MB': Math.round(idle), 'peak MB': Math.round(memoryOf(child.pid, 'VmHWM')), requests },
      };
    } finally {
      child.kill('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Returns the authority of the certificate. */
function writeInputs(folder: string): string {
  const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 };
  const authority = makeAuthority('bench', validity);
  const { certificate, key } = makeServingCertificate(authority, ['localhost'], validity);
  writeFileSync(join(folder, 'tls.crt'), certificate);
  writeFileSync(join(folder, 'tls.key'), key, { mode: 0o600 });
  mkdirSync(join(folder, 'policies'));
  writeFileSync(join(folder, 'policies', 'policies.yaml'), policyText(policies));
  const each = 500;
  for (let from = 0; from < namespaces; from += each) {
    const texts = Array.from({ length: each }, (_, index) => namespaceText(from + index));
    writeFileSync(join(folder, 'policies', `namespaces-${from}.yaml`), texts.join('---\n'));
  }
  return authority.certificate;
}

function namespaceText(index: number): string {
  const labels = `{ kubernetes.io/metadata.name: shop-${index}, team: team-${index % 100}, stage: production }`;
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop-${index}, labels: ${labels} }\n`;
}
