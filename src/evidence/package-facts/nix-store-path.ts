// SPDX-License-Identifier: Apache-2.0
// Names in the Nix store: `<hash>-<name>-<version>-<output>`. https://nix.dev/manual/nix/latest/protocols/store-path
import { formatPurl } from '../../model/purl.ts';

export interface NixStorePath {
  /** Digest of everything the package was built from, in Nix's own base 32. */
  readonly hash: string;
  readonly name: string;
  /** Empty for what has none: sources, scripts, configuration. */
  readonly version: string;
  /** The part of a package built in several parts (`bin`, `dev`, `lib`); empty for the main one. */
  readonly output: string;
}

const storeName = /^([0-9a-z]{32})-([0-9a-zA-Z+._?=-]{1,211})$/;

/** Reads the last segment of a store path; undefined when it is none. */
export function parseNixStorePath(path: string): NixStorePath | undefined {
  const base = path.replace(/\/+$/, '');
  const match = storeName.exec(base.slice(base.lastIndexOf('/') + 1).replace(/\.drv$/, ''));
  const [, hash, rest] = match ?? [];
  if (hash === undefined || rest === undefined) return undefined;
  const found = nixVersionIn(rest);
  if (found === undefined) return { hash, name: rest, version: '', output: '' };
  const name = rest.slice(0, Math.max(0, found.index - 1));
  const output = /-([a-z]{1,30})$/.exec(found.version)?.[1] ?? '';
  const isOutput = output !== '' && !stages.has(output);
  const version = isOutput ? found.version.slice(0, -output.length - 1) : found.version;
  return { hash, name, version, output: isOutput ? output : '' };
}

/** Words that end versions and are no outputs. */
const stages: ReadonlySet<string> = new Set(['alpha', 'beta', 'git', 'pre', 'rc', 'snapshot', 'stable', 'unstable']);

/**
 * Where the version begins, by Nix's own rule: after the first dash that no letter follows. `unstable-` before a date belongs to it.
 * `stage` is what follows the dotted numbers.
 */
export function nixVersionIn(
  text: string,
): { readonly index: number; readonly version: string; readonly stage: string } | undefined {
  const plain = text.replace(/\.drv$/, '');
  const dash = /-(?=\d)/.exec(plain.slice(hashLength(plain)));
  if (dash === null) return undefined;
  const numbers = hashLength(plain) + dash.index + 1;
  const prefix = 'unstable-';
  const index = plain.slice(0, numbers).endsWith(`-${prefix}`) ? numbers - prefix.length : numbers;
  const version = plain.slice(index);
  const end = version.indexOf('-');
  return { index, version, stage: index < numbers || end === -1 ? '' : version.slice(end + 1) };
}

/** A hash may hold what looks like a version only behind a dash, which it has none of; folders before it may. */
function hashLength(text: string): number {
  const match = /(?:^|\/)[0-9a-z]{32}(?=-)/.exec(text);
  return match === null ? 0 : match.index + match[0].length;
}

/** `pkg:nix/glibc@2.34?output=bin&outputhash=h0cn...`; `derivation` is the path of the .drv file. */
export function nixPurl(item: NixStorePath, derivation: string | undefined): string | undefined {
  return formatPurl({
    type: 'nix',
    name: item.name,
    version: item.version,
    qualifiers: {
      drvpath: derivation?.slice(derivation.lastIndexOf('/') + 1),
      output: item.output,
      outputhash: item.hash,
    },
  });
}
