// SPDX-License-Identifier: Apache-2.0
// Public keys of Google Cloud Build by the names that its signatures give them. A key file is named after its region (`us-west2.key`), which signs
// the payload itself, or `global-pae-NAME_VERSION.key`, which signs the pre-authentication encoding.
import type { Parsed } from '../../formats/parsed.ts';
import { malformed, parsing, required } from '../../formats/parsed.ts';
import { parsePem } from '../../formats/pem.ts';
import { publicKeyOf } from '../signatures/public-key.ts';
import { isRefusal } from '../signatures/refusal.ts';
import type { ServiceKey } from './expectation.ts';

export interface KeyFile {
  readonly name: string;
  /** PEM. */
  readonly text: string;
}

const ring = (region: string): string => `projects/verified-builder/locations/${region}/keyRings/attestor/cryptoKeys`;

/** Reads the keys of a folder. A file that is no key, or named in another way, is malformed: a key that is passed over would be missed later. */
export function parseServiceKeys(files: readonly KeyFile[]): Parsed<ReadonlyMap<string, ServiceKey>> {
  return parsing(() => {
    const keys = new Map<string, ServiceKey>();
    for (const { name, text } of files) {
      const named = nameOf(name) ?? malformed(`${name}: no key of the service is called so`);
      const [block] = required(parsePem(text), name);
      const key = publicKeyOf(block?.bytes ?? Buffer.alloc(0));
      keys.set(named.keyId, isRefusal(key) ? malformed(`${name}: ${key.message}`) : { key, signs: named.signs });
    }
    return keys;
  });
}

function nameOf(file: string): { readonly keyId: string; readonly signs: ServiceKey['signs'] } | undefined {
  const stem = /^([A-Za-z0-9_-]{1,100})\.(?:key|pem|pub)$/.exec(file)?.[1];
  if (stem === undefined) return undefined;
  const signs = 'pre-authentication-encoding';
  const [, name, version] = /^global-pae-([A-Za-z-]+)_([0-9]+)$/.exec(stem) ?? [];
  if (name !== undefined) return { keyId: `${ring('global')}/${name}/cryptoKeyVersions/${version}`, signs };
  // The first key of this kind was kept without its name.
  if (stem === 'global-pae') return { keyId: `${ring('global')}/provenanceSigner/cryptoKeyVersions/1`, signs };
  if (!/^[a-z0-9-]+$/.test(stem)) return undefined;
  return { keyId: `${ring(stem)}/builtByGCB/cryptoKeyVersions/1`, signs: 'payload' };
}
