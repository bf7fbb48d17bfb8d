// SPDX-License-Identifier: Apache-2.0
// Which function runs a row: by the name of upstream's test function.

import { configRows } from './config-rows.ts';
import { detectRows } from './detect-rows.ts';
import { reportRows } from './report-rows.ts';
import type { RowRun, TableRow } from './row.ts';
import { sourceRows } from './source-rows.ts';

const runners: Readonly<Record<string, RowRun>> = { ...detectRows, ...configRows, ...reportRows, ...sourceRows };

/** Rows of functions that are not known are skipped, not passed. */
export function rowRunner({ id }: TableRow): RowRun {
  const name = /#([A-Za-z_]+)/.exec(id)?.[1] ?? '';
  const found = Object.hasOwn(runners, name) ? runners[name] : undefined;
  return found ?? (() => ({ outcome: 'skipped', reason: `no runner for ${name}` }));
}
