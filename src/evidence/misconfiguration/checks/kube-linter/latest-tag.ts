// SPDX-License-Identifier: Apache-2.0

import { deployment } from '../../example-manifests.ts';
import { latestTagTemplate } from '../../kube-linter/container-templates.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterLatestTag = defineManifestCheck({
  id: 'kube-linter-latest-tag',
  title: 'An image has no fixed tag',
  aliases: ['kube-linter/latest-tag'],
  profiles: ['kube-linter'],
  severity: 'medium',
  why: 'What runs depends on the day it was pulled, so neither a review nor a rollback means anything.',
  remediation: 'Name a version, or better a digest',
  urls: [],
  example: {
    good: deployment(),
    bad: deployment({ image: 'registry.example.com/shop/web:latest' }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(latestTagTemplate, 'kube-linter-latest-tag', { blockList: ['.*:(latest)$', '^[^:]*$', '(.*/[^:]+)$'] }),
});
