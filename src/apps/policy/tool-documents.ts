// SPDX-License-Identifier: Apache-2.0
// Documents that look like objects of a cluster and are files of a program: tests, values and users of Kyverno's command line, kustomizations. They lie
// beside policies and manifests, and no cluster has them, so nobody judges them.
import { asString } from '../../formats/document.ts';
import type { EngineDocument } from '../../policy/engine.ts';

const groups: ReadonlySet<string> = new Set(['cli.kyverno.io', 'kustomize.config.k8s.io']);

export function isToolDocument({ object }: EngineDocument): boolean {
  return groups.has((asString(object['apiVersion']) ?? '').split('/', 1)[0] ?? '');
}
