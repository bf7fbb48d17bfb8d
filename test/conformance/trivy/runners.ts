// SPDX-License-Identifier: Apache-2.0
// Runners of rows that are not "input -> packages", by the beginning of the row's id. A file tables-<ecosystem>.ts exports
// `runners: readonly RowRunner[]` and is one line here.
import { buildInfoRunners } from './build-info.ts';
import { licensingRunners } from './core-licensing.ts';
import { purlRunners } from './core-purl.ts';
import { sbomRunners } from './core-sbom.ts';
import { severityRunners } from './core-severity.ts';
import { detectorRunners } from './detectors.ts';
import { osPackageRunners } from './os-packages.ts';
import type { RowRunner } from './rows.ts';
import { sbomAnalyzerRunners } from './sbom-analyzer.ts';
import { executableRunners } from './tables-executables.ts';
import { goRunners } from './tables-golang.ts';
import { javaRunners } from './tables-java.ts';
import { nodeRunners } from './tables-nodejs.ts';
import { pythonRunners } from './tables-python.ts';

export const runners: readonly RowRunner[] = [
  ...licensingRunners,
  ...purlRunners,
  ...sbomRunners,
  ...severityRunners,
  ...detectorRunners,
  ...buildInfoRunners,
  ...sbomAnalyzerRunners,
  ...osPackageRunners,
  ...javaRunners,
  ...goRunners,
  ...executableRunners,
  ...nodeRunners,
  ...pythonRunners,
];
