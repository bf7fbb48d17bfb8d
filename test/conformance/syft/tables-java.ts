// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's java functions that have a counterpart here.
import type { TableChecks } from './fixture.ts';

export const javaTables: TableChecks = {};
