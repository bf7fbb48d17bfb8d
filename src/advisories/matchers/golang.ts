// SPDX-License-Identifier: Apache-2.0
// Go modules, and the standard library and toolchain, which the Go vulnerability database lists as modules `stdlib` and `toolchain`.
import { holdsVulnerableSymbol } from '../go-symbols.ts';
import { languageMatcher } from '../language-matcher.ts';

export const golang = languageMatcher({
  id: 'golang',
  types: ['golang'],
  ecosystem: 'Go',
  // Catalogers name the Go release `stdlib`, others `go`.
  nameOf: (item) => (item.name === 'go' ? 'stdlib' : item.name),
  // A build from a work tree has no version: `(devel)`, `UNKNOWN`.
  versionOf: (item) => (/\d/.test(item.version) ? item.version : undefined),
  concerns: holdsVulnerableSymbol,
});
