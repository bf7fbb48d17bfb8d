// SPDX-License-Identifier: Apache-2.0
// Asks package registries for licences that lock files do not state. Only when the user names a registry; bounded in time, size, number at
// once, and never sent anything but the names and versions of packages without a licence.
import { proxiesOf } from '../formats/go-module-path.ts';
import { registryLicenses, registryPath } from '../formats/registry-license.ts';
import { messageOf } from '../model/error.ts';
import type { Package, PackageList } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';

export interface LicenseRegistries {
  /** Base address by purl type, ending in a slash. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly fetch: typeof fetch;
  /** Milliseconds for one answer. */
  readonly timeout: number;
  /** Go modules that no registry is to hear of, as in GOPRIVATE. */
  readonly privateModules?: string;
}

export interface LicenseAnswer {
  readonly lists: readonly PackageList[];
  /** Remarks: a missing licence hides no vulnerability. */
  readonly problems: readonly Problem[];
}

const atOnce = 8;
const answerBytes = 4 * 1024 * 1024;
/** Go module proxies answer with the whole module. */
const archiveBytes = 64 * 1024 * 1024;

/** Fills in licences of packages that state none. The same package is asked for once. */
export async function addRegistryLicenses(
  lists: readonly PackageList[],
  registries: LicenseRegistries,
): Promise<LicenseAnswer> {
  const wanted = new Map<string, Package>();
  for (const item of lists.flatMap((list) => list.packages))
    if (isWanted(item, registries)) wanted.set(keyOf(item), item);
  const found = new Map<string, readonly string[]>();
  const problems: Problem[] = [];
  const queue = [...wanted];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [key, item] = next;
      const answer = await ask(item, registries);
      if (typeof answer === 'string') problems.push(remark(item, answer));
      else found.set(key, answer);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, work));
  problems.sort((a, b) => (a.message < b.message ? -1 : 1));
  return { lists: lists.map((list) => withLicenses(list, found)), problems };
}

function isWanted(item: Package, registries: LicenseRegistries): boolean {
  if (item.type === 'golang' && proxiesOf(item.name, ['asked'], registries.privateModules ?? '')[0] === 'direct')
    return false;
  return (
    item.licenses.length === 0 && item.version !== '' && item.purl !== undefined && registries.addresses.has(item.type)
  );
}

function keyOf(item: Package): string {
  return `${item.type}\n${item.name}\n${item.version}`;
}

/** The licences, or why there are none. */
async function ask(item: Package, registries: LicenseRegistries): Promise<readonly string[] | string> {
  const base = registries.addresses.get(item.type);
  const path = registryPath(item.type, item.name, item.version);
  if (base === undefined || path === undefined) return 'no registry for this kind of package';
  try {
    const response = await registries.fetch(new URL(path, base), {
      redirect: 'error',
      signal: AbortSignal.timeout(registries.timeout),
      headers: { accept: item.type === 'golang' ? 'application/zip' : 'application/json' },
    });
    if (!response.ok) return `the registry answered ${response.status}`;
    const maximum = item.type === 'golang' ? archiveBytes : answerBytes;
    const answer = await boundedBytes(response, maximum);
    if (answer === undefined) return `the answer of the registry is larger than ${maximum} bytes`;
    return registryLicenses(item.type, answer) ?? 'the answer of the registry could not be read';
  } catch (error) {
    return `the registry could not be asked: ${messageOf(error)}`;
  }
}

async function boundedBytes(response: Response, maximum: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > maximum) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function withLicenses(list: PackageList, found: ReadonlyMap<string, readonly string[]>): PackageList {
  return {
    ...list,
    packages: list.packages.map((item) =>
      item.licenses.length > 0 ? item : { ...item, licenses: found.get(keyOf(item)) ?? [] },
    ),
  };
}

function remark(item: Package, reason: string): Problem {
  const location = item.locations[0] ?? { path: item.name };
  return {
    kind: 'unresolved',
    message: `licence of ${item.name} ${item.version}: ${reason}`,
    location,
    hidesFindings: false,
  };
}
