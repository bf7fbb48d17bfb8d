// SPDX-License-Identifier: Apache-2.0
import type { GithubFile } from '../../../formats/github-workflow/github-file.ts';
import { actionSlug } from '../../../formats/github-workflow/uses.ts';
import type { YamlTree } from '../../../formats/yaml-tree.ts';
import type { PipelinePersona } from '../../../model/pipeline-finding.ts';
import type { Fix } from '../../../model/text-edit.ts';
import type { ActionStepPlace } from '../github/steps.ts';
import { actionStepsOf, hasComputedInputs, inputOf, namesOf, stepSpan } from '../github/steps.ts';
import { setMembers } from '../github/yaml-edits.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const artipacked = defineGithubCheck({
  id: 'artipacked',
  aliases: ['zizmor/artipacked'],
  title: 'The token of the job stays in the checked-out folder',
  principle: 'secrets-management',
  why: 'The token of the job stays in .git/config, where every later step can read it and an uploaded folder takes it along.',
  remediation: 'Set persist-credentials: false unless later steps need to push.',
  urls: ['https://unit42.paloaltonetworks.com/github-repo-artifacts-leak-tokens/'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n',
  },
  run(file) {
    return jobsOf(file).flatMap((steps) => faultsOf(file.tree, steps));
  },
});

/** Steps that share a working folder: those of one job, or of one composite action. */
function jobsOf(file: GithubFile): readonly (readonly ActionStepPlace[])[] {
  const groups = new Map<string, ActionStepPlace[]>();
  for (const place of actionStepsOf(file)) {
    const id = place.job?.id ?? '';
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [place]);
    else group.push(place);
  }
  return [...groups.values()];
}

function faultsOf(tree: YamlTree, steps: readonly ActionStepPlace[]): readonly GithubFault[] {
  const checkouts = steps.filter(({ uses }) => actionSlug(uses) === 'actions/checkout');
  const uploads = steps.filter((place) => actionSlug(place.uses) === 'actions/upload-artifact' && uploadsRoot(place));
  return checkouts.flatMap((checkout): GithubFault[] => {
    const persona = personaOf(checkout);
    if (persona === undefined) return [];
    const fix = fixOf(tree, checkout);
    const about = { persona, ...namesOf(checkout), ...(fix === undefined ? {} : { fix }) };
    const message = 'the token stays in the working folder after checkout';
    if (uploads.length === 0)
      return [{ ...about, message, severity: 'medium', confidence: 'low', places: [stepSpan(checkout)] }];
    // Of many uploads a few are enough to show.
    const first = uploads.findIndex((upload) => checkout.step.index < upload.step.index);
    if (first === -1) return [];
    const shown = uploads.slice(first, first + 10);
    return [
      {
        ...about,
        message: `${message}, and a later step uploads it`,
        severity: 'high',
        confidence: 'high',
        places: [stepSpan(checkout), ...shown.map(stepSpan)],
      },
    ];
  });
}

/** Undefined when the token does not stay; somebody who writes `true` means it. */
function personaOf({ step }: ActionStepPlace): PipelinePersona | undefined {
  // Nobody knows what computed inputs say.
  if (hasComputedInputs(step)) return 'auditor';
  const value = inputOf(step, 'persist-credentials')?.text.trim().toLowerCase();
  if (value === 'false') return undefined;
  return value === 'true' ? 'auditor' : 'regular';
}

/** The working folder itself, one above it, or one that an expression names so. */
function uploadsRoot({ step }: ActionStepPlace): boolean {
  const path = inputOf(step, 'path')?.text ?? '';
  return path
    .split('\n')
    .map((line) => line.trim())
    .some((line) => /^\.{1,2}\/?$/.test(line) || /^\$\{\{\s*github\.workspace\s*\}\}\/?$/.test(line));
}

function fixOf(tree: YamlTree, { step }: ActionStepPlace): Fix | undefined {
  const edits = setMembers(tree, step.node, { key: 'with', members: { 'persist-credentials': 'false' } });
  return edits === undefined ? undefined : { title: 'Set persist-credentials: false', safety: 'unsafe', edits };
}
