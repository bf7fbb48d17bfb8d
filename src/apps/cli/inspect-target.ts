// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { goSymbolScope } from '../../evidence/package-facts/go-symbol-scope.ts';
import { catalogers } from '../../evidence/packages/index.ts';
import { registryTypes } from '../../formats/registry-license.ts';
import type { LicenseRegistries } from '../../io/license-registry.ts';
import type { RegistryClient } from '../../io/registry/client.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Inspection, InspectOptions } from '../inspect.ts';
import { inspect } from '../inspect.ts';
import type { Target } from '../target.ts';
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
  const opened = await openForInspection(context, target, { values });
  try {
    return await inspectOpened(context, opened, { values, observedAt });
  } finally {
    context.progress.done();
  }
}

export interface OpeningOptions {
  readonly values: FlagValues;
  /** Shared by the images of a run. */
  readonly registryClient?: RegistryClient | undefined;
}

export async function openForInspection(
  context: CommandContext,
  target: string,
  { values, registryClient }: OpeningOptions,
): Promise<Target> {
  const opened = await openTarget(target, {
    cwd: context.cwd,
    environment: context.environment,
    readStdin: context.readStdin,
    platform: values.text('platform'),
    insecureRegistries: values.list('insecure-registry'),
    registryClient,
    isExcluded: compileExclusions(values.list('exclude')),
    onProgress: progressOf(context, 'reading'),
  });
  if (!target.includes(':'))
    context.log.debug(`target ${target} is read as ${opened.kind === 'source' ? opened.source.target : opened.target}`);
  return opened;
}

export interface OpenedOptions
  extends Pick<
    InspectOptions,
    'observedAt' | 'files' | 'otherImages' | 'reader' | 'onProgress' | 'scanners' | 'knownFiles'
  > {
  readonly values: FlagValues;
}

export function inspectOpened(context: CommandContext, opened: Target, options: OpenedOptions): Promise<Inspection> {
  const { values, onProgress = progressOf(context, 'reading'), ...rest } = options;
  const licenses = licenseRegistries(values.list('license-registry'), context.environment);
  return inspect(opened, {
    ...rest,
    catalogers,
    scopes: values.isSet('exclude-dev') ? 'runtime' : 'all',
    unpinned: values.isSet('guess-unpinned') ? 'guess' : 'keep',
    elapsed: () => context.clock.elapsed(),
    threads: 'allowed',
    layerCache: layerCacheFolder(context, values),
    goSymbols: goSymbolScope(values.list('go-symbols').flatMap((word) => word.split(','))),
    isExcluded: compileExclusions(values.list('exclude')),
    onProgress,
    ...(licenses === undefined ? {} : { licenses }),
  });
}

function progressOf(context: CommandContext, what: string): (files: number, bytes: number) => void {
  return (files, bytes) => context.progress.update({ what, files, bytes });
}

/** Where what was read of image layers is kept: --layer-cache, else $XDG_CACHE_HOME/landwaiter/layers; undefined for `off`. */
export function layerCacheFolder(context: CommandContext, values: FlagValues): string | undefined {
  return cacheFolder(context, values.text('layer-cache'), 'layers');
}

/** Where the files that gave nothing are kept: --file-cache, else $XDG_CACHE_HOME/landwaiter/files; undefined for `off`. */
export function fileCacheFolder(context: CommandContext, values: FlagValues): string | undefined {
  return cacheFolder(context, values.text('file-cache'), 'files');
}

function cacheFolder(context: CommandContext, named: string | undefined, name: string): string | undefined {
  if (named === 'off') return undefined;
  if (named !== undefined) return resolve(context.cwd, named);
  const { XDG_CACHE_HOME: cache, HOME: home } = context.environment;
  if (cache !== undefined && cache !== '') return join(cache, 'landwaiter', name);
  return home === undefined || home === '' ? undefined : join(home, '.cache', 'landwaiter', name);
}

/** Milliseconds that a registry has for one answer. */
const answerTimeout = 10_000;

/** `npm=https://registry.npm.example/`; undefined when none is named: no network then. Throws USAGE. */
function licenseRegistries(
  words: readonly string[],
  environment: CommandContext['environment'],
): LicenseRegistries | undefined {
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
  // Go's own settings name the modules that no other server is to hear of.
  const privateModules = [environment['GOPRIVATE'], environment['GONOPROXY']].filter(Boolean).join(',');
  return addresses.size === 0 ? undefined : { addresses, fetch, timeout: answerTimeout, privateModules };
}
