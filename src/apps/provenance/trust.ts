// SPDX-License-Identifier: Apache-2.0
// Whom verification of provenance trusts: trust roots from a file (one, or one on each line) or the pinned one, keys of registries and services
// from files the user names.
import { basename, resolve } from 'node:path';
import { trustedBuilders } from '../../evidence/provenance/builders.ts';
import type { ProvenanceTrust } from '../../evidence/provenance/expectation.ts';
import { parseRegistryKeys } from '../../evidence/provenance/registry-keys.ts';
import { parseServiceKeys } from '../../evidence/provenance/service-keys.ts';
import { isRefusal } from '../../evidence/signatures/refusal.ts';
import { type TrustRoot, trustRootOf } from '../../evidence/signatures/trust-root.ts';
import { localDisk } from '../../io/disk.ts';
import { readInputFiles } from '../../io/input-files.ts';
import { LandwaiterError } from '../../model/error.ts';
import { pinnedTrustRoot } from '../signatures/trust-roots.ts';

export interface TrustWish {
  readonly cwd: string;
  readonly trustedRoot: string | undefined;
  readonly registryKeys: string | undefined;
  /** File or folder. */
  readonly serviceKeys: string | undefined;
  readonly log: ProvenanceTrust['log'];
}

const mostBytes = 4 * 1024 * 1024;
const mostKeyFiles = 1_000;

/** Reads everything. Throws INPUT_UNREADABLE. */
export function openTrust(wish: TrustWish): ProvenanceTrust {
  const { cwd, trustedRoot, registryKeys, serviceKeys, log } = wish;
  const registry = registryKeys === undefined ? undefined : parseRegistryKeys(readBytes(registryKeys, cwd));
  if (registry?.kind === 'malformed') throw unreadable(`${registryKeys}: ${registry.reason}`);
  const service = serviceKeys === undefined ? undefined : parseServiceKeys(keyFiles(serviceKeys, cwd));
  if (service?.kind === 'malformed') throw unreadable(`${serviceKeys}: ${service.reason}`);
  return {
    trustRoots: trustedRoot === undefined ? [pinnedTrustRoot()] : readTrustRoots(trustedRoot, cwd),
    log,
    registryKeys: registry?.value ?? [],
    serviceKeys: service?.value ?? new Map(),
    builders: trustedBuilders,
  };
}

/** `gh attestation trusted-root` prints several roots, one on each line. */
function readTrustRoots(path: string, cwd: string): TrustRoot[] {
  const bytes = readBytes(path, cwd);
  const whole = trustRootOf(bytes);
  if (!isRefusal(whole)) return [whole];
  const lines = Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length < 2) throw unreadable(`trust root ${path}: ${whole.message}`);
  return lines.map((line, index) => {
    const root = trustRootOf(Buffer.from(line, 'utf8'));
    if (isRefusal(root)) throw unreadable(`trust root ${path}, line ${index + 1}: ${root.message}`);
    return root;
  });
}

function keyFiles(path: string, cwd: string): { readonly name: string; readonly text: string }[] {
  const wanted = {
    maximumBytes: mostBytes,
    maximumFiles: mostKeyFiles,
    isWanted: (name: string) => /\.(?:key|pem|pub)$/.test(name),
  };
  return [...readInputFiles(resolve(cwd, path), wanted)].map((file) => ({
    name: basename(file.path),
    text: Buffer.from(file.bytes).toString('latin1'),
  }));
}

/** Throws INPUT_UNREADABLE. */
export function readBytes(path: string, cwd: string, maximum = mostBytes): Uint8Array {
  const result = localDisk.read(resolve(cwd, path), maximum);
  if (result.kind === 'bytes') return result.bytes;
  throw unreadable(`${path}: ${result.kind === 'unreadable' ? result.reason : `larger than ${maximum} bytes`}`);
}

function unreadable(message: string): LandwaiterError {
  return new LandwaiterError({ code: 'INPUT_UNREADABLE', message });
}
