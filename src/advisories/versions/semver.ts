// SPDX-License-Identifier: Apache-2.0
// Plain semver precedence as OSV defines it for ranges of type SEMVER, and for ecosystems without constraints of their own.
import { parseConstraint } from '../version-text/constraint.ts';
import { semverFamilyOrder } from '../version-text/semver-family.ts';

export const semver = semverFamilyOrder({
  id: 'semver',
  ecosystems: ['GitHub Actions', 'VSCode', 'Kubernetes', 'Android', 'opam'],
  parseConstraint,
  prereleases: 'ordinary',
  advisories: 'plain-syntax-first',
});
