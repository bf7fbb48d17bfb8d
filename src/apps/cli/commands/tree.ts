// SPDX-License-Identifier: Apache-2.0
// `landwaiter tree IMAGE`: what hangs on an image, in both layouts. Verifies nothing.
import { printable } from '../../../formats/text-table.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { formatBytes } from '../../../model/quantity.ts';
import type { AttachedArtifact, ImageTree } from '../../signatures/image-tree.ts';
import { imageTree } from '../../signatures/image-tree.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { plainOutput } from '../outputs.ts';
import { openProofPlace } from '../proof-place.ts';
import { unknownText } from '../verification-output.ts';
import { subjectOfOperand } from '../verify-images.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [operand, ...rest] = operands;
  if (operand === undefined || rest.length > 0)
    throw new LandwaiterError({ code: 'USAGE', message: `tree takes one image, ${operands.length} given` });
  const output = plainOutput(values, context, 'tree');
  const place = openProofPlace(context, operand, values);
  try {
    const { digest } = await subjectOfOperand(place, values);
    const tree = await imageTree(place.proofs, digest);
    output.write(
      output.form === 'json'
        ? `${JSON.stringify({ image: operand, digest, artifacts: tree.artifacts, unread: tree.unread }, undefined, 2)}\n`
        : treeText(operand, digest, tree),
    );
    return tree.unread.length > 0 ? 3 : 0;
  } finally {
    place.close();
  }
}

function treeText(name: string, digest: string, { artifacts, unread }: ImageTree): string {
  const lines = [`${printable(name)}  ${digest}`];
  artifacts.forEach((artifact, index) => {
    const isLast = index === artifacts.length - 1;
    lines.push(`${isLast ? '└── ' : '├── '}${artifactText(artifact)}`);
    artifact.contents.forEach((content, at) => {
      const stem = `${isLast ? '    ' : '│   '}${at === artifact.contents.length - 1 ? '└── ' : '├── '}`;
      const type = content.predicateType === undefined ? '' : `  says it is ${printable(content.predicateType)}`;
      lines.push(`${stem}${content.digest}  ${printable(content.mediaType)}  ${formatBytes(content.size)}${type}`);
    });
  });
  if (artifacts.length === 0 && unread.length === 0) lines.push('Nothing hangs on it.');
  lines.push(...unread.map(unknownText));
  return `${lines.join('\n')}\n`;
}

function artifactText({ place, digest, artifactType }: AttachedArtifact): string {
  return `${place}  ${digest}${artifactType === undefined ? '' : `  ${printable(artifactType)}`}`;
}
