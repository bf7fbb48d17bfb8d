// SPDX-License-Identifier: Apache-2.0
// By itself, so that whoever looks whether there is such a file need not load what reads it.

export const secretIgnoreFileName = '.landwaiter-secrets.yaml';
