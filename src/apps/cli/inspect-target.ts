// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { catalogers } from '../../evidence/packages/index.ts';
import { registryTypes } from '../../formats/registry-license.ts';
import type { LicenseRegistries } from '../../io/license-registry.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Inspection } from '../inspect.ts';
import { inspect } from '../inspect.ts';
import { openTarget } from '../target.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { compileExclusions } from './exclusion.ts';

/** Opens and inspects a target with the flags that `sbom`, `scan` and `explain` share. */
export async function inspectTarget(
  context: CommandContext,
  target: string,
  values: FlagValues,
  observedAt: string,
): Promise<Inspection> {
  const watching = {
    isExcluded: compileExclusions(values.list('exclude')),
    onProgress: (files: number, bytes: number) => context.progress.update({ what: 'reading', files, bytes }),
  };
  const opened = await openTarget(target, {
    cwd: context.cwd,
    environment: context.environment,
    readStdin: context.readStdin,
    platform: values.text('platform'),
    insecureRegistries: values.list('insecure-registry'),
    ...watching,
  });
  if (!target.includes(':'))
    context.log.debug(`target ${target} is read as ${opened.kind === 'source' ? opened.source.target : opened.target}`);
  try {
    const licenses = licenseRegistries(values.list('license-registry'));
    return await inspect(opened, {
      catalogers,
      observedAt,
      scopes: values.isSet('exclude-dev') ? 'runtime' : 'all',
      threads: 'allowed',
      layerCache: layerCacheFolder(context, values.text('layer-cache')),
      ...watching,
      ...(licenses === undefined ? {} : { licenses }),
    });
  } finally {
    context.progress.done();
  }
}

/** Where what was read of image layers is kept: --layer-cache, else $XDG_CACHE_HOME/landwaiter/layers; undefined for `off`. */
function layerCacheFolder(context: CommandContext, named: string | undefined): string | undefined {
  if (named === 'off') return undefined;
  if (named !== undefined) return resolve(context.cwd, named);
  const { XDG_CACHE_HOME: cache, HOME: home } = context.environment;
  if (cache !== undefined && cache !== '') return join(cache, 'landwaiter', 'layers');
  return home === undefined || home === '' ? undefined : join(home, '.cache', 'landwaiter', 'layers');
}

/** Milliseconds that a registry has for one answer. */
const answerTimeout = 10_000;

/** `npm=https://registry.npm.example/`; undefined when none is named: no network then. Throws USAGE. */
function licenseRegistries(words: readonly string[]): LicenseRegistries | undefined {
  const addresses = new Map<string, string>();
  for (const word of words.flatMap((item) => item.split(','))) {
    const [type = '', ...rest] = word.split('=');
    const address = rest.join('=');
    if (!registryTypes.includes(type) || !/^https?:\/\//.test(address) || !URL.canParse(address)) {
      const message = `--license-registry takes TYPE=URL with a type of ${registryTypes.join(', ')}; "${word}" is none`;
      throw new LandwaiterError({ code: 'USAGE', message });
    }
    addresses.set(type, address.endsWith('/') ? address : `${address}/`);
  }
  return addresses.size === 0 ? undefined : { addresses, fetch, timeout: answerTimeout };
}
