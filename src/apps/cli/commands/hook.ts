// SPDX-License-Identifier: Apache-2.0
// `landwaiter hook install|uninstall`: a git hook that searches what is staged for secrets before each commit.
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { localDisk } from '../../../io/disk.ts';
import { makeFolders } from '../../../io/folders.ts';
import { LandwaiterError } from '../../../model/error.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { writeWhole } from '../outputs.ts';

/** By this line our hook is known again. */
const mark = '# landwaiter hook';

const script = `#!/bin/sh
${mark}: searches what is staged for secrets. \`landwaiter hook uninstall\` takes it away; \`git commit --no-verify\` passes by it once.
if command -v landwaiter >/dev/null 2>&1; then
  exec landwaiter secrets --staged --no-progress
fi
if [ -x ./node_modules/.bin/landwaiter ]; then
  exec ./node_modules/.bin/landwaiter secrets --staged --no-progress
fi
echo "landwaiter is not installed: what is staged was not searched for secrets" >&2
exit 3
`;

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [action, ...rest] = operands;
  if (rest.length > 0 || (action !== 'install' && action !== 'uninstall'))
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'hook takes install or uninstall',
      hint: 'landwaiter hook install',
    });
  const { gitChanges } = await import('../../../io/git-changes.ts');
  const folder = await gitChanges(context.cwd, context.environment).hooksFolder();
  const path = join(folder, 'pre-commit');
  if (action === 'install') install(context, { folder, path, replaces: values.isSet('force') });
  else uninstall(context, path);
  return 0;
}

interface Installation {
  readonly folder: string;
  readonly path: string;
  readonly replaces: boolean;
}

function install(context: CommandContext, { folder, path, replaces }: Installation): void {
  if (localDisk.kindOf(path) !== undefined && !replaces && !isOurs(path))
    throw new LandwaiterError({
      code: 'OUTPUT_FAILED',
      message: `${path} is a hook of somebody else`,
      hint: 'add the line "landwaiter secrets --staged" to it, or replace it with --force',
    });
  makeFolders(folder);
  writeWhole(path, path, script);
  chmodSync(path, 0o755);
  context.stdout.write(`${path}: installed\n`);
}

function uninstall(context: CommandContext, path: string): void {
  if (localDisk.kindOf(path) === undefined) {
    context.stdout.write(`${path}: there is none\n`);
    return;
  }
  if (!isOurs(path))
    throw new LandwaiterError({
      code: 'OUTPUT_FAILED',
      message: `${path} is a hook of somebody else; it was left alone`,
    });
  rmSync(path);
  context.stdout.write(`${path}: removed\n`);
}

function isOurs(path: string): boolean {
  try {
    return readFileSync(path, 'utf8').includes(mark);
  } catch {
    return false;
  }
}
