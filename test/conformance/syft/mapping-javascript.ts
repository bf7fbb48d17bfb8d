// SPDX-License-Identifier: Apache-2.0
// Which catalogers answer for Syft's tests of JavaScript, Go and GitHub Actions. How keys are read stands in mapping.ts.

import type { Package } from '../../../src/model/package.ts';
import type { CatalogerMapping } from './cataloger-mapping.ts';
import { checkArchitecture } from './tables-golang.ts';
import { checkDenoLock } from './tables-javascript.ts';

export const javascriptMapping: Readonly<Record<string, CatalogerMapping>> = {
  // JavaScript
  'javascript/parse_package_lock': {
    catalogers: ['npm-lock'],
    presentAs: 'package-lock.json',
    keep: withoutDevelopment,
  },
  'javascript/parse_yarn_lock': { catalogers: ['yarn-lock'], presentAs: 'yarn.lock', keep: withoutDevelopment },
  // Of packages that a file names but does not describe, Syft lists those of `dependencies` alone.
  'javascript/parse_pnpm_lock': {
    catalogers: ['pnpm-lock'],
    presentAs: 'pnpm-lock.yaml',
    keep: (item) => item.scope !== 'development' || item.facts?.other?.['described'] !== 'no',
  },
  'javascript/parse_pnpm_lock#TestParsePnpmLock_ExcludeDevDependencies': {
    catalogers: ['pnpm-lock'],
    keep: withoutDevelopment,
  },
  'javascript/parse_bun_lock': { catalogers: ['bun-lock'], keep: withoutProjects },
  'javascript/parse_bun_lock#TestParseBunLock_ExcludeDevDependencies': {
    catalogers: ['bun-lock'],
    keep: withoutDevelopment,
  },
  // Syft lists the package itself; requirements without a lock file are more than it states.
  'javascript/parse_package_json': {
    catalogers: ['package-json', 'node-package'],
    presentAs: 'package.json',
    keep: (item) => item.constraint === undefined,
  },
  'javascript/parse_deno_lock': { catalogers: ['deno-lock'], check: checkDenoLock },
  'javascript/parse_pnpm_lock#TestSearchPnpmForLicenses': { catalogers: ['pnpm-lock'], registry: 'npm' },
  'javascript/cataloger': {
    catalogers: ['npm-lock', 'yarn-lock', 'pnpm-lock', 'bun-lock', 'deno-lock'],
    keep: withoutDevelopment,
  },

  // Go, GitHub Actions
  'githubactions/parse_composite_action': {
    catalogers: ['github-composite-action'],
    presentAs: '.github/actions/x/action.yaml',
    statedAs: actionOfSyft,
  },
  'githubactions/parse_workflow': {
    catalogers: ['github-workflow'],
    presentAs: '.github/workflows/x.yaml',
    statedAs: actionOfSyft,
    keep: (item) => item.facts?.other?.['kind'] === 'action',
  },
  'githubactions/parse_workflow#Test_parseWorkflowForWorkflowUsage': {
    catalogers: ['github-workflow'],
    presentAs: '.github/workflows/x.yaml',
    statedAs: actionOfSyft,
    keep: (item) => item.facts?.other?.['kind'] === 'reusable workflow',
  },
  'golang/parse_go_binary': { outside: 'reads executables, which belongs to the scan of images' },
  'golang/subfs': { outside: 'tests a file system wrapper of the Go program' },
  'golang/parse_go_binary#Test_getGOARCHFromBin': { catalogers: ['go-binary'], check: checkArchitecture },
  'golang/parse_go_mod': { catalogers: ['go-mod'], presentAs: 'go.mod', keep: (item) => item.name !== 'stdlib' },
};

/** Syft leaves development dependencies of JavaScript lock files out unless told otherwise. */
function withoutDevelopment(item: Package): boolean {
  return item.scope !== 'development';
}

/** A comparison by name alone has no other way to leave the projects of the tree out, as Syft does. */
function withoutProjects(item: Package): boolean {
  return item.relationship !== 'root' && item.relationship !== 'workspace';
}

/** Syft puts the path inside a repository into the name of an action, and gives local actions no purl. */
function actionOfSyft(item: Package): Package {
  const path = item.facts?.other?.['path'];
  return { ...item, name: path === undefined ? item.name : `${item.name}/${path}`, purl: item.purl ?? '' };
}
