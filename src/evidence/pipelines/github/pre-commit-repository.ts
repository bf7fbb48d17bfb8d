// SPDX-License-Identifier: Apache-2.0

/** `owner/repository` in lower case of an address of GitHub, by whatever protocol; undefined for others and for `local` and `meta`. */
export function repositoryOfHook(address: string | undefined): string | undefined {
  if (address === undefined || address.length > 1000) return undefined;
  const match =
    /^(?:(?:https?|git|ssh):\/\/(?:[^@/]{1,100}@)?github\.com\/|git@github\.com:)([^/]{1,100})\/([^/]{1,100}?)(?:\.git)?\/?$/i.exec(
      address.trim(),
    );
  return match === null ? undefined : `${match[1]}/${match[2]}`.toLowerCase();
}
