// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's dotnet functions that have a counterpart here.
import type { TableChecks } from './fixture.ts';

export const dotnetTables: TableChecks = {};
