// SPDX-License-Identifier: Apache-2.0
// The derivations of a Nix store together: which one built a path, and what that path was built from.

import type { NixDerivation } from '../../formats/nix-derivation.ts';
import { parseNixDerivation } from '../../formats/nix-derivation.ts';
import { decodeText } from '../../formats/text.ts';
import type { CompanionFiles } from '../packages/cataloger.ts';

/** Paths begin with a slash, as the store writes them. */
export class NixDerivations {
  readonly #byPath = new Map<string, NixDerivation>();
  readonly #byOutput = new Map<string, string>();

  add(path: string, derivation: NixDerivation): void {
    this.#byPath.set(path, derivation);
    for (const output of derivation.outputs.values()) this.#byOutput.set(output, path);
  }

  /** Path of the derivation that built an output. */
  builderOf(output: string): string | undefined {
    return this.#byOutput.get(output);
  }

  /** Path of the output of that name; undefined for what is not there. */
  outputOf(path: string, name: string): string | undefined {
    return this.#byPath.get(path)?.outputs.get(name);
  }

  /** Paths that an output (or a derivation) was built from, sorted: sources, and the outputs of other derivations that it uses. */
  inputsOf(path: string): readonly string[] {
    const derivation = this.#byPath.get(this.#byOutput.get(path) ?? path);
    if (derivation === undefined) return [];
    const outputs = [...derivation.inputs].flatMap(([builder, names]) =>
      names.map((name) => this.outputOf(builder, name)).filter((output) => output !== undefined),
    );
    return [...new Set([...outputs, ...derivation.sources])].sort();
  }
}

const known = new WeakMap<CompanionFiles, NixDerivations>();

/** Derivations among the companions of a run, read once. */
export function derivationsIn(tree: CompanionFiles, glob: string): NixDerivations {
  const found = known.get(tree);
  if (found !== undefined) return found;
  const derivations = new NixDerivations();
  for (const path of tree.match(glob)) {
    const file = tree.get(path);
    if (file === undefined) continue;
    const { derivation } = parseNixDerivation(decodeText(file.bytes, path).text, path);
    if (derivation !== undefined) derivations.add(`/${path}`, derivation);
  }
  known.set(tree, derivations);
  return derivations;
}
