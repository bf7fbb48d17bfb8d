// SPDX-License-Identifier: Apache-2.0
// The list of all matchers.
import type { Package } from '../../model/package.ts';
import { alpine } from './alpine.ts';
import { arch } from './arch.ts';
import { bitnami } from './bitnami.ts';
import { cocoapods } from './cocoapods.ts';
import { cpe } from './cpe.ts';
import { cpp } from './cpp.ts';
import { dart } from './dart.ts';
import { debian } from './debian.ts';
import { dotnet } from './dotnet.ts';
import { erlang } from './erlang.ts';
import { gentoo } from './gentoo.ts';
import { githubActions } from './github-actions.ts';
import { golang } from './golang.ts';
import { haskell } from './haskell.ts';
import { java } from './java.ts';
import { javascript } from './javascript.ts';
import { julia } from './julia.ts';
import type { Matcher } from './matcher.ts';
import { ocaml } from './ocaml.ts';
import { php } from './php.ts';
import { python } from './python.ts';
import { r } from './r.ts';
import { rpm } from './rpm.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';
import { swift } from './swift.ts';

export const matchers: readonly Matcher[] = [
  alpine,
  arch,
  bitnami,
  cocoapods,
  cpe,
  cpp,
  dart,
  debian,
  dotnet,
  erlang,
  gentoo,
  githubActions,
  golang,
  haskell,
  java,
  javascript,
  julia,
  ocaml,
  php,
  python,
  r,
  rpm,
  ruby,
  rust,
  swift,
];

const byType: ReadonlyMap<string, Matcher> = new Map(
  matchers.flatMap((matcher) => matcher.types.map((type) => [type, matcher])),
);

/** The matcher for a purl type; undefined for types on which nobody publishes advisories. */
export function matcherOf(type: string): Matcher | undefined {
  return byType.get(type);
}

/** The matcher for a package: that of its type, else by the CPE names it bears. */
export function matcherFor(item: Pick<Package, 'type' | 'cpes'>): Matcher | undefined {
  return byType.get(item.type) ?? ((item.cpes ?? []).length === 0 ? undefined : cpe);
}
