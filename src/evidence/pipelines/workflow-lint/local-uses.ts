// SPDX-License-Identifier: Apache-2.0
// `uses` that names something of the same repository.

/** `./path`, in one form: `./path` is looked up in what was checked out, `$/path` in the repository of the workflow. Undefined: elsewhere. */
export function localUses(uses: string): string | undefined {
  if (uses.startsWith('./')) return uses;
  return uses.startsWith('$/') ? `.${uses.slice(1)}` : undefined;
}
