// SPDX-License-Identifier: Apache-2.0
// The pack `syft`. Equivalences with the way its Go tests state things:
// - fields: only what a row states is compared (name, version, and type, PURL, licences, dependencies where given); Go's zero values count as absent;
// - names: Maven artifacts without group and Swift packages without repository, as Syft shows them; the PURL holds the whole name;
// - the project itself (root, workspace members) and requirements without a version are left out by Syft and may stand in ours;
// - a package listed several times with the same facts counts once; licences are compared as a sorted list of SPDX expressions (texts that are none: as they stand);
// - `dependency-of` relations are our `dependsOn` the other way round; relations to files (contains, evident-by) are not compared;
// - packages of Syft's own `Metadata` types are compared through the model's fields only.
import type { ConformancePack } from './pack.ts';
import { cases as binaryCases } from './syft/binary-classifiers.ts';
import { cases as catalogerCases } from './syft/catalogers.ts';
import { cases as formatCases } from './syft/formats.ts';
import { cases as globCases } from './syft/globs.ts';
import { cases as tableCases } from './syft/tables.ts';

export const syftPack: ConformancePack = {
  name: 'syft',
  cases: (root) => [
    ...binaryCases(root),
    ...catalogerCases(root),
    ...globCases(root),
    ...tableCases(root),
    ...formatCases(root),
  ],
};
