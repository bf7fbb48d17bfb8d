// SPDX-License-Identifier: Apache-2.0
// Trivy's own tests as data. Each part of the pack has a sub-adapter in trivy/; a row that nothing runs yet fails, so that the
// total is the whole suite. How rows are mapped: trivy/mapping.ts; what is compared and which quirks count as equal: trivy/packages.ts.
import type { ConformancePack } from './pack.ts';
import { cases as analyzers } from './trivy/analyzers.ts';
import { cases as integration } from './trivy/integration.ts';
import { cases as matching } from './trivy/matcher-cases.ts';
import { cases as parsers } from './trivy/parsers.ts';
import { cases as pending } from './trivy/pending.ts';
import { cases as tables } from './trivy/tables.ts';

export const trivyPack: ConformancePack = {
  name: 'trivy',
  cases: (root) => [parsers, analyzers, tables, integration, matching, pending].flatMap((part) => part(root)),
};
