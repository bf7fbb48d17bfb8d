// SPDX-License-Identifier: Apache-2.0
// Runners of rows that are not "input -> packages", by the beginning of the row's id. A file tables-<ecosystem>.ts exports
// `runners: readonly RowRunner[]` and is one line here.
import { licensingRunners } from './core-licensing.ts';
import { purlRunners } from './core-purl.ts';
import { sbomRunners } from './core-sbom.ts';
import { detectorRunners } from './detectors.ts';
import { osPackageRunners } from './os-packages.ts';
import type { RowRunner } from './rows.ts';
import { goRunners } from './tables-golang.ts';
import { javaRunners } from './tables-java.ts';
import { nodeRunners } from './tables-nodejs.ts';
import { pythonRunners } from './tables-python.ts';

export const runners: readonly RowRunner[] = [
  ...licensingRunners,
  ...purlRunners,
  ...sbomRunners,
  ...detectorRunners,
  ...osPackageRunners,
  ...javaRunners,
  ...goRunners,
  ...nodeRunners,
  ...pythonRunners,
];
