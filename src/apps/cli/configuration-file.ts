// SPDX-License-Identifier: Apache-2.0
// Finds and reads the configuration file. What is in it is the business of configuration.ts, which is loaded only when there is one.
import { resolve } from 'node:path';
import { decodeText } from '../../formats/text.ts';
import { localDisk } from '../../io/disk.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';

const configurationNames: readonly string[] = ['landwaiter.yaml', 'landwaiter.yml', '.landwaiter.yaml'];

export interface ConfigurationOptions {
  readonly cwd: string;
  /** Given with --config: must exist then. */
  readonly path?: string;
}

/** Words by flag name; empty when there is no file. Throws CONFIG_INVALID. */
export async function loadConfiguration(
  options: ConfigurationOptions,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = options.path === undefined ? configurationNames : [options.path];
  for (const name of names) {
    const absolute = resolve(options.cwd, name);
    if (localDisk.kindOf(absolute) !== 'file') continue;
    const result = localDisk.read(absolute, defaultLimits.configBytes);
    if (result.kind !== 'bytes')
      throw invalid(`could not read ${name}: ${result.kind === 'unreadable' ? result.reason : 'larger than 1 MiB'}`);
    const { parseConfiguration } = await import('./configuration.ts');
    return parseConfiguration(decodeText(result.bytes, name).text, name);
  }
  if (options.path !== undefined) throw invalid(`could not read ${options.path}: no such file`);
  return new Map();
}

function invalid(message: string): LandwaiterError {
  return new LandwaiterError({ code: 'CONFIG_INVALID', message });
}
