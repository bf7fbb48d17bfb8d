// SPDX-License-Identifier: Apache-2.0
// notation's configuration folder: trust stores, trust policies, signing keys, settings, plugins (notaryproject/specifications, directory.md). Reads
// files as they lie there; symbolic links in trust stores are refused, because whoever can place one decides what is trusted.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrustStore } from '../../evidence/signatures/notation/trust-store.ts';
import { checkStoreCertificate } from '../../evidence/signatures/notation/trust-store.ts';
import type { Refusal } from '../../evidence/signatures/refusal.ts';
import { refuse } from '../../evidence/signatures/refusal.ts';
import { parseCertificateFile } from '../../formats/certificate-file.ts';
import type { NotationSettings, SigningKeys } from '../../formats/notation/configuration.ts';
import { parseNotationSettings, parseSigningKeys } from '../../formats/notation/configuration.ts';
import type { TrustPolicy, TrustStoreName } from '../../formats/notation/trust-policy.ts';
import { isStoreName, parseTrustPolicy } from '../../formats/notation/trust-policy.ts';
import type { Parsed } from '../../formats/parsed.ts';
import type { Certificate } from '../../formats/x509.ts';
import { reasonOf } from '../../io/disk.ts';
import { LandwaiterError } from '../../model/error.ts';

const mostFileBytes = 1024 * 1024;
const mostStoreFiles = 1_000;

export interface NotationFolder {
  readonly root: string;
  /** Reads a store each time it is asked; callers keep what they need. */
  trustStore(name: TrustStoreName): TrustStore;
  /** Undefined when there is no policy of the kind. Throws CONFIG_INVALID for one that cannot be used. */
  trustPolicy(kind: TrustPolicy['kind']): TrustPolicy | undefined;
  signingKeys(): SigningKeys;
  settings(): NotationSettings;
  /** Path of a plugin's program. */
  pluginProgram(name: string): string | undefined;
}

/** Where notation keeps its configuration on this system; NOTATION_CONFIG names another place. */
export function notationRoot(environment: Readonly<Record<string, string | undefined>>): string {
  const named = environment['NOTATION_CONFIG'];
  if (named !== undefined && named !== '') return named;
  const base = environment['XDG_CONFIG_HOME'];
  return join(base !== undefined && base !== '' ? base : join(environment['HOME'] ?? '', '.config'), 'notation');
}

export function notationFolder(root: string): NotationFolder {
  return {
    root,
    trustStore: (name) => readStore(root, name),
    trustPolicy: (kind) => readPolicy(root, kind),
    signingKeys: () => readSettings(root, 'signingkeys.json', parseSigningKeys) ?? { default: undefined, keys: [] },
    settings: () =>
      readSettings(root, 'config.json', parseNotationSettings) ?? {
        insecureRegistries: [],
        signatureFormat: undefined,
      },
    pluginProgram: (name) => pluginProgram(root, name),
  };
}

/** Folder of a store; its name is checked by the policy. */
export function storeFolder(root: string, { type, name }: TrustStoreName): string {
  return join(root, 'truststore', 'x509', type, name);
}

function readStore(root: string, store: TrustStoreName): TrustStore {
  const label = `the trust store ${store.type}:${store.name}`;
  const invalid = (why: string): Refusal => refuse('TRUST_STORE_INVALID', `${label}: ${why}`);
  if (!isStoreName(store.name)) return invalid('not a name of a store');
  const folder = storeFolder(root, store);
  try {
    // The store itself and what leads to it: a link at any of the three steps could exchange it.
    for (const step of [join(root, 'truststore', 'x509'), join(root, 'truststore', 'x509', store.type), folder])
      if (!lstatSync(step).isDirectory()) return invalid('is not a folder (symbolic links are refused)');
    const names = readdirSync(folder).sort();
    if (names.length === 0) return invalid('is empty');
    if (names.length > mostStoreFiles) return invalid(`more than ${mostStoreFiles} files`);
    const certificates: Certificate[] = [];
    for (const name of names) {
      const found = readStoreFile(join(folder, name));
      if (found.kind === 'malformed') return invalid(`${name}: ${found.reason}`);
      for (const certificate of found.value) {
        const refusal = checkStoreCertificate(certificate, store.type);
        if (refusal !== undefined) return invalid(`${name}: ${refusal.message}`);
      }
      certificates.push(...found.value);
    }
    return { kind: 'store', ...store, certificates };
  } catch (error) {
    return invalid(reasonOf(error));
  }
}

function readStoreFile(path: string): Parsed<readonly Certificate[]> {
  const stat = lstatSync(path);
  if (!stat.isFile()) return { kind: 'malformed', reason: 'not a regular file (links and folders are refused)' };
  if (stat.size > mostFileBytes) return { kind: 'malformed', reason: `larger than ${mostFileBytes} bytes` };
  return parseCertificateFile(readFileSync(path));
}

/** The newer file of a kind wins over the older common one, as in notation. */
function readPolicy(root: string, kind: TrustPolicy['kind']): TrustPolicy | undefined {
  const files = kind === 'oci' ? ['trustpolicy.oci.json', 'trustpolicy.json'] : ['trustpolicy.blob.json'];
  for (const file of files) {
    const found = readSettings(root, file, (bytes) => parseTrustPolicy(bytes, kind));
    if (found !== undefined) return found;
  }
  return undefined;
}

function readSettings<T>(root: string, file: string, parse: (bytes: Uint8Array) => Parsed<T>): T | undefined {
  const path = join(root, file);
  let bytes: Buffer;
  try {
    const stat = lstatSync(path);
    // Matches notation, which refuses a policy that is a link.
    if (!stat.isFile())
      throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `${path}: not a regular file (links are refused)` });
    if (stat.size > mostFileBytes)
      throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `${path}: larger than ${mostFileBytes} bytes` });
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof LandwaiterError) throw error;
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `${path}: ${reasonOf(error)}`, cause: error });
  }
  const parsed = parse(bytes);
  if (parsed.kind === 'malformed')
    throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `${path}: ${parsed.reason}` });
  return parsed.value;
}

/** `plugins/NAME/notation-NAME` (plugin-extensibility.md, "Plugin installation"); where there is no such file, nothing. */
function pluginProgram(root: string, name: string): string | undefined {
  // The name comes from a signature: it must not lead out of the folder.
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/.test(name)) return undefined;
  const path = join(root, 'plugins', name, `notation-${name}`);
  try {
    return lstatSync(path).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}
