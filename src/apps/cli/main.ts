// SPDX-License-Identifier: Apache-2.0
// Entry of the command line program: finds the command, loads its module, and turns the outcome into an exit status.
// Nothing heavy is imported here statically (test/architecture.test.ts), because `--version` must cost no more than Node itself.
import { outputStream } from '../../io/output-stream.ts';
import { version } from '../../model/version.ts';

/** Runs one command line. Returns the exit status; never throws. */
export async function main(words: readonly string[]): Promise<number> {
  const [first, ...rest] = words;
  if (first === '--version' || first === '-V' || first === 'version') {
    outputStream(1, () => process.stdout).write(`landwaiter ${version}\n`);
    return 0;
  }
  const { runCommandLine } = await import('./run.ts');
  return runCommandLine(first, rest);
}

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
