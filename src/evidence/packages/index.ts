// SPDX-License-Identifier: Apache-2.0
// The list of all catalogers. A new one is one file and one line here (see CONTRIBUTING.md).
import type { Cataloger } from './cataloger.ts';

export const catalogers: readonly Cataloger[] = [
  // JavaScript
  // Go, GitHub Actions
  // Python, Conda
  // Java, Scala
  // .NET
  // Rust, PHP, Ruby
  // everything else
];
