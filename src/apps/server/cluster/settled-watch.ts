// SPDX-License-Identifier: Apache-2.0
// A watch that somebody waits for: until all objects are known, or the server has said that there will be none (it has no such kind, or this account may not look).
// Waiting longer would only delay everything else; whoever asks is told that nothing is known.
import type { KindName, KubeClient, KubeResource, Watch, WatchHandler, WatchOptions } from '../../../io/kube/client.ts';

export interface SettledWatch<T> {
  readonly watch: Watch<T>;
  /** Resolves when all objects are known; never when they cannot be. */
  readonly complete: Promise<void>;
  /** Resolves with the first answer, whatever it is; a server that cannot be reached gives none. */
  readonly settled: Promise<void>;
}

/** `watch` of the client with a promise besides; neither of the two rejects. */
export function settledWatch<T>(
  client: KubeClient,
  kind: KindName | KubeResource,
  { handler, options = {} }: { readonly handler: WatchHandler<T>; readonly options?: WatchOptions },
): SettledWatch<T> {
  let refuse: () => void = () => undefined;
  const refused = new Promise<void>((resolve) => {
    refuse = resolve;
  });
  const watch = client.watch<T>(
    kind,
    {
      ...handler,
      failed: (unknown) => {
        if (unknown.status === 404 || unknown.fault === 'forbidden') refuse();
        handler.failed?.(unknown);
      },
    },
    options,
  );
  // A watch that was closed is nobody's any more.
  const complete = watch.synced.catch(() => new Promise<void>(() => undefined));
  return { watch, complete, settled: Promise.race([watch.synced.catch(() => undefined), refused]) };
}
