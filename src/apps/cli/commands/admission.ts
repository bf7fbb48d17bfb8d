// SPDX-License-Identifier: Apache-2.0
// `landwaiter admission serve|control|webhooks|certificate|unregister|replay|failed-open`: policies at the door of the cluster.
import { actionsOf } from '../actions.ts';

export const run = actionsOf('admission', {
  serve: async () => (await import('../admission-serve.ts')).serve,
  control: async () => (await import('../admission-control.ts')).control,
  webhooks: async () => (await import('../admission-webhooks.ts')).webhooks,
  certificate: async () => (await import('../admission-certificate.ts')).certificate,
  unregister: async () => (await import('../admission-certificate.ts')).unregister,
  replay: async () => (await import('../admission-replay.ts')).replay,
  'failed-open': async () => (await import('../admission-failed-open.ts')).failedOpen,
});
