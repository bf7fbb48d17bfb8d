// SPDX-License-Identifier: Apache-2.0
import { wholeExpression } from '../../../formats/github-expression/find-expressions.ts';
import { actionSlug } from '../../../formats/github-workflow/uses.ts';
import type { ActionStepPlace } from '../github/steps.ts';
import { actionStepsOf, hasComputedInputs, inputOf, namesOf, stepSpan } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

const action = 'actions/create-github-app-token';

/** Permissions of an app that are about an organisation: no list of repositories can narrow them. */
const organizationPermission = /^permission-(?:members|organization-|team-discussions|enterprise-)/;

export const githubApp = defineGithubCheck({
  id: 'github-app',
  aliases: ['zizmor/github-app'],
  title: 'A token of an app that reaches too far',
  principle: 'least-privilege',
  why: 'A token of an app can reach every repository the app is installed in, and by default gets all its permissions.',
  remediation:
    'Name the repositories and the permission-* inputs that are needed, and let the action revoke the token.',
  urls: ['https://github.com/actions/create-github-app-token#inputs'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/create-github-app-token@v2\n        with:\n          permission-issues: write\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/create-github-app-token@v2\n        with:\n          skip-token-revoke: true\n',
  },
  run(file) {
    return actionStepsOf(file)
      .filter(({ step, uses }) => actionSlug(uses) === action && !hasComputedInputs(step))
      .flatMap((place) => [...revocationFaults(place), ...scopeFaults(place)]);
  },
});

function revocationFaults(place: ActionStepPlace): readonly GithubFault[] {
  const input = inputOf(place.step, 'skip-token-revoke');
  if (input === undefined) return [];
  const isComputed = wholeExpression(input.text) !== undefined;
  if (!isComputed && input.text.trim().toLowerCase() !== 'true') return [];
  const message = `the token is ${isComputed ? 'possibly ' : ''}not revoked at the end of the job`;
  return [
    {
      message,
      severity: 'high',
      confidence: isComputed ? 'low' : 'high',
      places: [input.entry.span, place.step.uses.node.place],
      around: [stepSpan(place)],
      ...namesOf(place),
    },
  ];
}

function scopeFaults(place: ActionStepPlace): readonly GithubFault[] {
  const { step } = place;
  const permissions = (step.inputs?.members ?? []).filter(({ name }) => /^permission-/i.test(name));
  const about = { severity: 'high', confidence: 'high', around: [stepSpan(place)], ...namesOf(place) } as const;
  const faults: GithubFault[] = [];
  const owner = inputOf(step, 'owner');
  const isOrganizationOnly =
    permissions.length > 0 && permissions.every(({ name }) => organizationPermission.test(name.toLowerCase()));
  if (owner !== undefined && inputOf(step, 'repositories') === undefined && !isOrganizationOnly) {
    const message = 'the token reaches all repositories of the owner in which the app is installed';
    faults.push({ ...about, message, places: [owner.entry.span, step.uses.node.place] });
  }
  if (permissions.length === 0) {
    const message = 'no permission-* input narrows what the token may do';
    faults.push({ ...about, message, places: [step.uses.node.place] });
  }
  return faults;
}
