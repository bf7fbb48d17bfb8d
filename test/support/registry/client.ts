// SPDX-License-Identifier: Apache-2.0
// A registry client for tests: waits cost no time, chance is none, and everything that was started is closed after the test.
import { afterEach } from 'vitest';
import type { Reference } from '../../../src/formats/oci/reference.ts';
import { parseReference } from '../../../src/formats/oci/reference.ts';
import type { RegistryClient, RegistryOptions } from '../../../src/io/registry/client.ts';
import { registryClient } from '../../../src/io/registry/client.ts';
import type { Pace } from '../../../src/io/registry/retry.ts';
import type { TransportOptions } from '../../../src/io/registry/transport.ts';
import { nodeTransport } from '../../../src/io/registry/transport.ts';
import type { TestRegistry, TestRegistryOptions } from './test-registry.ts';
import { startRegistry } from './test-registry.ts';

export interface TestPace extends Pace {
  /** Milliseconds of every wait. */
  readonly pauses: number[];
  /** Moves the clock. */
  advance(milliseconds: number): void;
}

export function testPace(): TestPace {
  let time = Date.UTC(2026, 0, 1);
  const pauses: number[] = [];
  return {
    pauses,
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      time += milliseconds;
    },
    random: () => 0,
  };
}

const open: { close(): void | Promise<void> }[] = [];

/** To be called at the top of a test file: closes registries and clients after each test. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const item of open.splice(0).toReversed()) await item.close();
  });
}

export async function testRegistry(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const registry = await startRegistry(options);
  open.push(registry);
  return registry;
}

export function closing<T extends { close(): void | Promise<void> }>(item: T): T {
  open.push(item);
  return item;
}

export function testClient(
  options: Partial<RegistryOptions> = {},
  transport: Partial<TransportOptions> = {},
): RegistryClient {
  return closing(
    registryClient({
      transport: nodeTransport({ stall: 2_000, environment: {}, certificatesFor: () => undefined, ...transport }),
      pace: testPace(),
      ...options,
    }),
  );
}

/** A reference that must be well-formed. */
export function reference(text: string): Reference {
  const parsed = parseReference(text);
  if (parsed.kind === 'invalid') throw new Error(`${text}: ${parsed.reason}`);
  return parsed.reference;
}
