// SPDX-License-Identifier: Apache-2.0
// parser-tables/*.json: small tables without input files. Each ecosystem has its runners in tables-<ecosystem>.ts, listed in runners.ts.
import type { ConformanceCase } from '../pack.ts';
import { casesOf } from './rows.ts';
import { runners } from './runners.ts';

export function cases(root: string): ConformanceCase[] {
  return casesOf(root, 'parser-tables', runners);
}
