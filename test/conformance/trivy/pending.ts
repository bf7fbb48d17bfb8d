// SPDX-License-Identifier: Apache-2.0
// Parts of the pack that have no sub-adapter of their own: they count, and fail until a runner takes them.
import type { ConformanceCase } from '../pack.ts';
import { casesOf } from './rows.ts';
import { runners } from './runners.ts';

const folders = ['detectors', 'core'];

export function cases(root: string): ConformanceCase[] {
  return folders.flatMap((folder) => casesOf(root, folder, runners));
}
