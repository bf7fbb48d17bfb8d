// SPDX-License-Identifier: Apache-2.0
import type { NamedText, WorkflowText } from '../../../formats/github-workflow/text.ts';
import { actionSlug } from '../../../formats/github-workflow/uses.ts';
import type { YamlEntry } from '../../../formats/yaml-tree.ts';
import type { Fix } from '../../../model/text-edit.ts';
import { injectionRisk } from '../github/context-origin.ts';
import type { FileExpression } from '../github/expressions.ts';
import { contextPath, flowingContexts } from '../github/flow.ts';
import { injectionSinks } from '../github/injection-sinks.ts';
import { variableFix } from '../github/script-variables.ts';
import type { StepPlace } from '../github/steps.ts';
import { inputOf, namesOf, shellOf, stepSpan, stepsOf } from '../github/steps.ts';
import type { GithubCheckContext, GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const templateInjection = defineGithubCheck({
  id: 'template-injection',
  aliases: ['zizmor/template-injection'],
  title: 'An expression is put into code',
  principle: 'injection',
  why: 'A template is put into the script before the shell reads it, so what others may write (a title, a branch name) runs as code.',
  remediation: 'Give the value to the step as an environment variable and let the script read that.',
  urls: ['https://docs.github.com/actions/concepts/security/script-injections'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "$TITLE"\n        env:\n          TITLE: ${{ github.event.issue.title }}\n',
    bad: 'on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "${{ github.event.issue.title }}"\n',
  },
  run(file, context) {
    return stepsOf(file).flatMap((place) =>
      scriptsOf(place).flatMap((script) =>
        context.expressions.in(script.node).flatMap((expression) => faultsOf(place, { script, expression }, context)),
      ),
    );
  },
});

type Script = WorkflowText & { readonly entry: YamlEntry };

/** What the step runs: its script, or inputs that its action runs. */
function scriptsOf({ step }: StepPlace): readonly Script[] {
  if (step.kind === 'run') return [step.run];
  if (step.kind !== 'uses' || step.uses.uses.kind !== 'repository') return [];
  const names = injectionSinks.get(actionSlug(step.uses.uses)) ?? [];
  return names.map((name): NamedText | undefined => inputOf(step, name)).filter((input) => input !== undefined);
}

function faultsOf(
  place: StepPlace,
  { script, expression }: { readonly script: Script; readonly expression: FileExpression },
  context: GithubCheckContext,
): readonly GithubFault[] {
  const about = { around: [stepSpan(place)], ...namesOf(place) };
  const fix = fixOf(place, expression, context);
  const withFix = fix === undefined ? {} : { fix };
  const faults = flowingContexts(expression.node).flatMap((node): GithubFault[] => {
    const risk = injectionRisk(contextPath(node), place);
    if (risk === undefined) return [];
    const message = `${expression.written(node).trim()} may expand into code`;
    return [{ ...about, ...risk, message, places: [expression.place(node), script.entry.keySpan], ...withFix }];
  });
  if (faults.length > 0) return faults;
  // Even where nobody can misuse it, a template in code is one that has to be thought about at every change.
  const message = 'a template in code; an environment variable would do';
  const places = [expression.place(expression.node), script.entry.keySpan] as const;
  return [{ ...about, message, severity: 'low', confidence: 'high', persona: 'pedantic', places, ...withFix }];
}

function fixOf(place: StepPlace, expression: FileExpression, { expressions }: GithubCheckContext): Fix | undefined {
  const { step } = place;
  if (step.kind !== 'run') return undefined;
  // On a runner that is not known it could be the wrong notation.
  const shell = shellOf({ ...place, step })?.shell;
  if (shell === undefined) return undefined;
  return variableFix(expressions.tree, step, { expression, shell });
}
