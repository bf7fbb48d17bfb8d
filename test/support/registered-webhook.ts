// SPDX-License-Identifier: Apache-2.0
// The webhooks of a test before its API server: registered as `admission webhooks` prints them, with an address in the place of a service, because there is
// no network of Pods here.
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { JsonObject } from '../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../src/formats/document.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import type { KubeChange } from '../../src/io/kube/outcome.ts';
import { runCommand } from './command-line.ts';

export interface Registration {
  /** With policies/ and ca.crt. */
  readonly folder: string;
  /** Of the webhook, or of what stands before several. */
  readonly port: number;
  readonly failurePolicy: 'Fail' | 'Ignore';
  /** What is remarked of the policies; nothing when absent. */
  readonly remarks?: RegExp;
  /** Seconds that the API server waits; 5 when absent. */
  readonly timeout?: number;
}

/** API servers hear of it by a watch, so the caller waits for the first refusal. */
export async function registerWebhooks(client: KubeClient, registration: Registration): Promise<void> {
  const { folder, port, failurePolicy, remarks = /^$/, timeout = 5 } = registration;
  const files = ['--policies', join(folder, 'policies'), '--ca-bundle', join(folder, 'ca.crt')];
  const options = ['--failure-policy', failurePolicy, '--webhook-timeout', String(timeout)];
  const { stdout, stderr } = await runCommand(['admission', 'webhooks', ...files, ...options], { cwd: folder });
  expect(stderr).toMatch(remarks);
  for (const document of parseAllDocuments(stdout)) {
    const object = document.toJSON() as JsonObject;
    const webhooks = asArray(object['webhooks']).map((item) => {
      const { service, ...rest } = asObject(asObject(item)?.['clientConfig']) ?? {};
      const path = asString(asObject(service)?.['path']) ?? '';
      return { ...asObject(item), clientConfig: { ...rest, url: `https://localhost:${port}${path}` } };
    });
    const applied = await client.apply({ ...object, webhooks }, { fieldManager: 'e2e', force: true });
    expect(messageOf(applied)).toBe('done');
  }
}

/** `done`, or why not. */
export function messageOf(change: KubeChange<JsonObject>): string {
  if (change.kind === 'done') return 'done';
  return change.kind === 'refused' ? change.message : change.reason;
}

/** Tries for fifteen seconds, unless told; throws what the last attempt threw. */
export async function eventually(check: () => Promise<void>, milliseconds = 15_000, pause = 200): Promise<void> {
  const end = Date.now() + milliseconds;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((wake) => setTimeout(wake, pause));
    }
  }
}
