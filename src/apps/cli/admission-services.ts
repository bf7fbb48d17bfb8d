// SPDX-License-Identifier: Apache-2.0
// Services that policies may ask (--call-services), for `admission serve` and `admission control`.
import type { EngineData } from '../../policy/engine.ts';
import type { Asking } from '../server/admission/asking/asking.ts';
import { readAllowedServices } from '../server/admission/services/allowed-services.ts';
import { ServiceCalls } from '../server/admission/services/service-calls.ts';
import type { FlagValues } from './arguments.ts';
import { usage } from './usage.ts';

export interface AdmissionServices {
  /** What policies may look up, with services; the same where none is named. */
  withServices(data: EngineData): EngineData;
  /** Lines of metrics. */
  metrics(): readonly string[];
  close(): void;
}

/** Throws USAGE for an entry that names no service. */
export function admissionServices(values: FlagValues, asking: Asking): AdmissionServices {
  const entries = values.list('call-services');
  if (entries.length === 0) return { withServices: (data) => data, metrics: () => [], close: () => undefined };
  const allowed = readAllowedServices(entries);
  if ('fault' in allowed)
    throw usage(
      `--call-services takes HOST[:PORT], or http://HOST[:PORT] for a service without TLS; "${allowed.fault}" is none`,
    );
  const calls = new ServiceCalls({ allowed, asking });
  return {
    withServices: (data) => calls.withServices(data),
    metrics: () => [
      '# TYPE landwaiter_service_calls_total counter',
      `landwaiter_service_calls_total ${calls.counts.asked}`,
      '# TYPE landwaiter_service_calls_failed_total counter',
      `landwaiter_service_calls_failed_total ${calls.counts.failed}`,
    ],
    close: () => calls.close(),
  };
}
