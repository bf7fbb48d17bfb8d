// SPDX-License-Identifier: Apache-2.0
import type { ExpressionNode } from '../../../formats/github-expression/ast.ts';
import { wholeExpression } from '../../../formats/github-expression/find-expressions.ts';
import type { GithubFile } from '../../../formats/github-workflow/github-file.ts';
import { parseImageName } from '../../../formats/github-workflow/image-name.ts';
import type { StepsJob } from '../../../formats/github-workflow/job.ts';
import type { WorkflowText } from '../../../formats/github-workflow/text.ts';
import type { Span } from '../../../formats/span.ts';
import { contextPath, flowingContexts } from '../github/flow.ts';
import { isComputedMatrixValue, matrixValues } from '../github/matrix-values.ts';
import { stepJobsOf } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const unpinnedImages = defineGithubCheck({
  id: 'unpinned-images',
  aliases: ['zizmor/unpinned-images'],
  title: 'An image named without its digest',
  principle: 'provenance-integrity',
  why: 'The tag of an image can be moved to another image at any time; a digest cannot.',
  remediation: 'Name the image with its digest: image:tag@sha256:...',
  urls: ['https://docs.docker.com/dhi/core-concepts/digests/'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    container: alpine@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n    steps: []\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    container: alpine\n    steps: []\n',
  },
  run(file) {
    return imagesOf(file).flatMap((image) => faultsOf(image));
  },
});

interface UsedImage {
  readonly text: string;
  readonly place: Span;
  readonly job?: StepsJob;
}

function imagesOf(file: GithubFile): readonly UsedImage[] {
  if (file.kind === 'action') {
    const image = file.runs?.image;
    return image?.text.startsWith('docker://') === true ? [used({ ...image, text: image.text.slice(9) })] : [];
  }
  if (file.kind !== 'workflow') return [];
  return stepJobsOf(file).flatMap((job) => {
    const containers = [...(job.container === undefined ? [] : [job.container]), ...job.services];
    const images = containers.flatMap(({ image }) => (image === undefined ? [] : [used(image, job)]));
    const steps = job.steps.flatMap((step) =>
      step.kind === 'uses' && step.uses.uses.kind === 'docker'
        ? [{ text: step.uses.text.trim().slice('docker://'.length), place: step.uses.node.place, job }]
        : [],
    );
    return [...images, ...steps];
  });
}

function used(image: WorkflowText, job?: StepsJob): UsedImage {
  return { text: image.text, place: image.entry?.span ?? image.node.place, ...(job === undefined ? {} : { job }) };
}

function faultsOf(image: UsedImage): readonly GithubFault[] {
  const expression = wholeExpression(image.text);
  if (expression === undefined) return image.text.includes('${{') ? [] : literalFaults(image, image.text, []);
  if (expression.parsed.kind === 'fault') return [computedFault(image)];
  return leavesOf(expression.parsed.node).flatMap((leaf) => leafFaults(image, leaf));
}

/** What the expression can be: literals and contexts that reach the result. */
function leavesOf(node: ExpressionNode): readonly ExpressionNode[] {
  if (node.kind !== 'logical') return [node];
  return (node.operator === '&&' ? node.operands.slice(-1) : node.operands).flatMap(leavesOf);
}

function leafFaults(image: UsedImage, leaf: ExpressionNode): readonly GithubFault[] {
  if (leaf.kind === 'string') return literalFaults(image, leaf.value, []);
  const [context] = flowingContexts(leaf);
  const path = context === undefined ? undefined : contextPath(context);
  if (path?.[0] !== 'matrix' || context !== leaf) return [computedFault(image)];
  const matrix = image.job?.matrix;
  if (matrix === undefined) return [];
  const values = matrixValues(matrix, path);
  const faults = values
    .filter(({ text }) => !text.includes('${{'))
    .flatMap((value) => literalFaults(image, value.text, [value.place]));
  return isComputedMatrixValue(matrix, path) ? [...faults, computedFault(image)] : faults;
}

function literalFaults(image: UsedImage, text: string, related: readonly Span[]): readonly GithubFault[] {
  const { name, tag, digest } = parseImageName(text.trim());
  if (name === '' || digest !== undefined) return [];
  const isMoving = tag === undefined || tag === 'latest';
  return [
    {
      message: isMoving ? 'the image is not pinned at all' : 'the image is pinned to a tag and not to a digest',
      severity: 'high',
      confidence: 'high',
      persona: isMoving ? 'regular' : 'pedantic',
      places: [image.place, ...related],
      ...(image.job === undefined ? {} : { job: image.job.id }),
    },
  ];
}

function computedFault(image: UsedImage): GithubFault {
  const message = 'the image is computed and may not be pinned';
  return {
    message,
    severity: 'high',
    confidence: 'low',
    places: [image.place],
    ...(image.job === undefined ? {} : { job: image.job.id }),
  };
}
