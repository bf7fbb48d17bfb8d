// SPDX-License-Identifier: Apache-2.0
// Whether an advisory for certain architectures concerns a package. `src` names the source package, whose weakness is in every build.
import type { AffectedPackage } from '../model/advisory.ts';

/** Packages without machine code run everywhere. */
const independent: ReadonlySet<string> = new Set(['noarch', 'all', 'any']);

const spellings: ReadonlyMap<string, string> = new Map([
  ['amd64', 'x86_64'],
  ['x64', 'x86_64'],
  ['arm64', 'aarch64'],
  ['i386', 'i686'],
  ['ppc64el', 'ppc64le'],
]);

function canonical(architecture: string): string {
  const word = architecture.trim().toLowerCase();
  return spellings.get(word) ?? word;
}

/** `binary-no-arch-specified`: every build, but not the source package. */
const everyBuild = 'binary-no-arch-specified';

/**
 * A statement that a version is affected errs on the side of a finding: what has no architecture may be meant. One that a version is
 * not affected has to be sure that it means this very build.
 */
export function isOfArchitecture(
  affected: Pick<AffectedPackage, 'architectures' | 'fixState'>,
  architecture: string | undefined,
): boolean {
  const named = (affected.architectures ?? []).map(canonical).filter((one) => one !== '');
  if (named.length === 0) return true;
  const own = canonical(architecture ?? '');
  return affected.fixState === 'not-affected'
    ? named.some((one) => one === own || one === 'src' || (one === everyBuild && own !== 'src' && own !== ''))
    : own === '' || independent.has(own) || own === 'src' || named.some((one) => mayBe(one, own));
}

function mayBe(named: string, own: string): boolean {
  return named === own || named === 'src' || named === everyBuild || independent.has(named);
}
