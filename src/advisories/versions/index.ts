// SPDX-License-Identifier: Apache-2.0
// The list of all version orders.
import { apk } from './apk.ts';
import { bitnami } from './bitnami.ts';
import { cargo } from './cargo.ts';
import { conan } from './conan.ts';
import { conda } from './conda.ts';
import { cran } from './cran.ts';
import { dpkg } from './dpkg.ts';
import { fuzzy } from './fuzzy.ts';
import { golang } from './golang.ts';
import { hackage } from './hackage.ts';
import { hex } from './hex.ts';
import { julia } from './julia.ts';
import { jvm } from './jvm.ts';
import { kb } from './kb.ts';
import { maven } from './maven.ts';
import { npm } from './npm.ts';
import { nuget } from './nuget.ts';
import type { VersionOrder } from './order.ts';
import { packagist } from './packagist.ts';
import { pacman } from './pacman.ts';
import { pep440 } from './pep440.ts';
import { portage } from './portage.ts';
import { pub } from './pub.ts';
import { rpm } from './rpm.ts';
import { rubygems } from './rubygems.ts';
import { semver } from './semver.ts';
import { swift } from './swift.ts';

export const versionOrders: readonly VersionOrder[] = [
  apk,
  bitnami,
  cargo,
  conan,
  conda,
  cran,
  dpkg,
  fuzzy,
  golang,
  hackage,
  hex,
  julia,
  jvm,
  kb,
  maven,
  npm,
  nuget,
  packagist,
  pacman,
  pep440,
  portage,
  pub,
  rpm,
  rubygems,
  semver,
  swift,
];

const byId: ReadonlyMap<string, VersionOrder> = new Map(versionOrders.map((order) => [order.id, order]));
const byEcosystem: ReadonlyMap<string, VersionOrder> = new Map(
  versionOrders.flatMap((order) => order.ecosystems.map((ecosystem) => [ecosystem.toLowerCase(), order] as const)),
);

/** The order with this id; undefined for an unknown one (a database newer than the program). */
export function orderOf(id: string): VersionOrder | undefined {
  return byId.get(id);
}

/**
 * The order of an OSV ecosystem, with or without its `:release`, in any case; `Seal:PyPI`, a supplier's copy of an ecosystem, compares
 * as that ecosystem. What no order names compares as `fuzzy`, which orders texts of any scheme.
 */
export function orderOfEcosystem(ecosystem: string): VersionOrder {
  const colon = ecosystem.indexOf(':');
  const known = byEcosystem.get((colon === -1 ? ecosystem : ecosystem.slice(0, colon)).toLowerCase());
  if (known !== undefined) return known;
  return colon === -1 ? fuzzy : orderOfEcosystem(ecosystem.slice(colon + 1));
}
