// SPDX-License-Identifier: Apache-2.0
// What `copy`, `save` and `load` share: telling what was copied.
import { plural } from '../../model/quantity.ts';
import type { CopiedManifest } from '../signatures/copy-image.ts';
import type { CommandContext } from './command.ts';

/** One line: what went where. */
export function reportCopy({ stdout }: CommandContext, copied: readonly CopiedManifest[], to: string): void {
  const count = (...roles: readonly CopiedManifest['role'][]): number =>
    copied.filter(({ role }) => roles.includes(role)).length;
  const image = copied.find(({ role }) => role === 'image');
  const parts = count('part');
  const hanging = [
    plural(count('referrer'), 'referrer'),
    ...(['signature', 'attestation', 'sbom'] as const).flatMap((kind) => (count(kind) > 0 ? `older ${kind} tags` : [])),
  ];
  const platforms = parts === 0 ? '' : ` with ${plural(parts, 'manifest')}`;
  stdout.write(`${image?.digest ?? ''}${platforms} and ${hanging.join(', ')} -> ${to}\n`);
}
