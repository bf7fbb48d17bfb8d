// SPDX-License-Identifier: Apache-2.0
// Actions that restore caches, and by which input that is turned on or off; actions that publish. From the action.yml of each.
import type { ActionFeature, InputCondition } from './action-usage.ts';

function onBy(name: string, byDefault: 'used' | 'unused'): InputCondition {
  return { kind: 'input', name, turns: 'on', holds: 'boolean', byDefault: byDefault === 'used' };
}

function offBy(name: string): InputCondition {
  return { kind: 'input', name, turns: 'off', holds: 'boolean', byDefault: true };
}

/** `cache: gradle`: any text turns it on. */
function named(name: string): InputCondition {
  return { kind: 'input', name, turns: 'on', holds: 'present', byDefault: false };
}

export const cachingActions: readonly ActionFeature[] = [
  { action: 'actions/cache', when: offBy('lookup-only') },
  { action: 'actions/setup-dotnet', when: onBy('cache', 'unused') },
  { action: 'actions/setup-go', when: onBy('cache', 'used') },
  { action: 'actions/setup-java', when: named('cache') },
  {
    action: 'actions/setup-node',
    when: {
      kind: 'any',
      conditions: [
        {
          kind: 'input',
          name: 'cache',
          turns: 'on',
          holds: (text) => /^(?:npm|yarn|pnpm)$/.test(text),
          byDefault: false,
        },
        onBy('package-manager-cache', 'used'),
      ],
    },
  },
  { action: 'actions/setup-python', when: named('cache') },
  { action: 'actions-rust-lang/setup-rust-toolchain', when: onBy('cache', 'used') },
  {
    action: 'astral-sh/setup-uv',
    when: {
      kind: 'any',
      conditions: [
        { kind: 'input', name: 'enable-cache', turns: 'on', holds: (text) => text === 'true', byDefault: false },
        // Since version 10 `auto`, which is the default, is off where something is released.
        { kind: 'all', conditions: [{ kind: 'below-version', version: '10' }, onBy('enable-cache', 'used')] },
      ],
    },
  },
  { action: 'awalsh128/cache-apt-pkgs-action' },
  { action: 'determinatesystems/magic-nix-cache-action', when: onBy('use-gha-cache', 'used') },
  {
    action: 'docker/setup-buildx-action',
    // Without a version the program of the runner is used, and nothing is restored.
    when: { kind: 'all', conditions: [onBy('cache-binary', 'used'), named('version')] },
  },
  { action: 'graalvm/setup-graalvm', when: named('cache') },
  { action: 'gradle/actions/setup-gradle', when: offBy('cache-disabled') },
  { action: 'jdx/mise-action', when: onBy('cache', 'used') },
  { action: 'mlugg/setup-zig', when: onBy('use-cache', 'used') },
  { action: 'mozilla-actions/sccache-action' },
  { action: 'nix-community/cache-nix-action' },
  { action: 'oven-sh/setup-bun', when: offBy('no-cache') },
  { action: 'pyo3/maturin-action', when: onBy('sccache', 'unused') },
  {
    action: 'ramsey/composer-install',
    when: {
      kind: 'input',
      name: 'ignore-cache',
      turns: 'off',
      holds: (text) => /^(?:yes|true|1)$/.test(text),
      byDefault: true,
    },
  },
  { action: 'ruby/setup-ruby', when: onBy('bundler-cache', 'unused') },
  { action: 'swatinem/rust-cache', when: offBy('lookup-only') },
];

export const publishingActions: readonly ActionFeature[] = [
  'aws-actions/amazon-ecs-deploy-task-definition',
  'aws-actions/aws-cloudformation-github-deploy',
  'azure/aci-deploy',
  'azure/container-apps-deploy-action',
  'azure/functions-action',
  'azure/sql-action',
  'azure/webapps-deploy',
  'cloudflare/wrangler-action',
  'google-github-actions/deploy-appengine',
  'google-github-actions/deploy-cloud-functions',
  'google-github-actions/deploy-cloudrun',
  'googleapis/release-please-action',
  'goreleaser/goreleaser-action',
  'jreleaser/release-action',
  'pypa/gh-action-pypi-publish',
  'redhat-actions/push-to-registry',
  'release-drafter/release-drafter',
  'rubygems/release-gem',
  'softprops/action-gh-release',
]
  .map((action): ActionFeature => ({ action }))
  .concat([{ action: 'docker/build-push-action', when: onBy('push', 'used') }]);
