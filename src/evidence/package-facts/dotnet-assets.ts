// SPDX-License-Identifier: Apache-2.0
// Files of a NuGet package that a deps.json lists, and where they lie beside the program.
// https://learn.microsoft.com/nuget/create-packages/supporting-multiple-target-frameworks
import { asObject, entriesOf } from '../../formats/document.ts';

/** Paths beside the program to paths in the package. */
export interface DotnetAssets {
  readonly runtime: ReadonlyMap<string, string>;
  readonly resources: ReadonlyMap<string, string>;
}

/** `lib/net8.0/fr/X.resources.dll` and `runtimes/win/lib/net8.0/X.dll` lose what is in front of `fr/...` and `X.dll`. */
export function deployedPath(asset: string): string {
  const match = /^(?:runtimes\/[^/]{1,100}\/)?lib\/net[^/]{1,100}\/(?=.)/.exec(asset);
  return match === null ? asset : asset.slice(match[0].length);
}

/** Files of the library `key` in all targets together. */
export function assetsOf(targets: unknown, key: string): DotnetAssets {
  const entries = entriesOf(targets).map(([, target]) => asObject(asObject(target)?.[key]));
  const part = (name: string): ReadonlyMap<string, string> =>
    new Map(
      entries
        .flatMap((entry) => entriesOf(entry?.[name]))
        // A package for several frameworks marks an empty folder with a file `_._`.
        .filter(([path]) => !path.endsWith('/_._'))
        .map(([path]) => [deployedPath(path), path]),
    );
  return { runtime: part('runtime'), resources: part('resources') };
}

/** `bin/My.App.deps.json` -> `My.App`, with slashes or backslashes. */
export function programOf(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return name.replace(/\.deps\.json$/, '');
}
