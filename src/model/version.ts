// SPDX-License-Identifier: Apache-2.0
/** Version of this program; a test keeps it equal to package.json. */
export const version = '0.1.0';
export const programName = 'landwaiter';
