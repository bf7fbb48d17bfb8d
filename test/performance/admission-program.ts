// SPDX-License-Identifier: Apache-2.0
// The servers that the admission benches call, each in a process of its own: `webhook`, which is ours with policies and a registry in memory, and `echo`,
// which reads the review as JSON and admits everything; `webhook-anew` remembers no verdict. With a second argument the webhook swaps between two sets of policies that judge alike, every so many
// milliseconds; the third is how many images there are besides those of the sample Pods. Prints its port and authority as one line of JSON; ends when its
// input does.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { startAdmission } from '../../src/apps/server/admission/admission-server.ts';
import { makeAuthority, makeServingCertificate } from '../../src/apps/server/admission/certificates.ts';
import { PolicyHolder } from '../../src/apps/server/admission/policy-holder.ts';
import { systemClock } from '../../src/io/clock.ts';
import { createLogger } from '../../src/io/log.ts';
import { noData } from '../../src/policy/data-provider.ts';
import type { EngineData } from '../../src/policy/engine.ts';
import { compiledSet, policyText, sampleImages } from './admission-set.ts';
import { benchRegistry, coldImages } from './bench-registry.ts';

const [, , role = 'webhook', swapEvery = '0', further = '0'] = process.argv;
const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 86_400_000 };
const authority = makeAuthority('bench', validity);
const serving = makeServingCertificate(authority, ['localhost'], validity);
const port = role === 'echo' ? await echo() : await webhook(Number(swapEvery));
process.stdout.write(`${JSON.stringify({ port, authority: authority.certificate })}\n`);
process.stdin.resume();
process.stdin.once('close', () => process.exit(0));

async function webhook(every: number): Promise<number> {
  const holder = new PolicyHolder();
  const { authority: signer, asking, answers } = await benchRegistry([...sampleImages, ...coldImages(Number(further))]);
  const judging = role === 'webhook-anew' ? 'anew' : 'remembered';
  holder.offer(compiledSet(policyText(undefined, signer), judging), []);
  const namespace = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  });
  const data: EngineData = {
    cluster: { objects: () => [], namespace },
    provider: { ...noData, ...answers },
  };
  const running = await startAdmission({
    host: '127.0.0.1',
    port: 0,
    serving,
    holder,
    settings: {
      exemptions: { namespaces: new Set(['kube-system']), usernames: new Set() },
      modeOf: () => 'enforce',
      onError: 'deny',
    },
    data: () => data,
    asking,
    clock: systemClock,
    log: createLogger({ write: () => undefined, format: 'text', level: 'error', now: () => 0 }),
    newId: randomUUID,
  });
  if (every > 0) {
    let round = 0;
    setInterval(() => {
      round += 1;
      holder.offer(compiledSet(policyText(round % 2 === 0 ? 33 : 40, signer)), []);
    }, every);
  }
  return running.port;
}

function echo(): Promise<number> {
  const { certificate: cert, key } = serving;
  const options = { cert, key, minVersion: 'TLSv1.2' as const, ALPNProtocols: ['http/1.1'], keepAliveTimeout: 100_000 };
  const server = createServer(options, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const review = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        readonly request: { readonly uid: string };
      };
      const body = JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid: review.request.uid, allowed: true },
      });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
