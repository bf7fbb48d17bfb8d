// SPDX-License-Identifier: Apache-2.0
// Where a server listens, as `--listen` states it.
import { LandwaiterError } from '../../model/error.ts';

/** Throws USAGE for what is no HOST:PORT. */
export function listenAddress(text: string): { readonly host: string; readonly port: number } {
  const found = /^(\[[0-9a-fA-F:]+\]|[^:\s]+):(\d{1,5})$/.exec(text);
  const port = Number(found?.[2]);
  if (found === null || port > 65_535)
    throw new LandwaiterError({ code: 'USAGE', message: `--listen takes HOST:PORT; "${text}" is none` });
  return { host: (found[1] ?? '').replace(/^\[|\]$/g, ''), port };
}
