// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf } from '../workload.ts';

function isTiller(metadata: JsonObject | undefined): boolean {
  const labels = asObject(metadata?.['labels']);
  return (
    asString(metadata?.['name'])?.includes('tiller') === true ||
    labels?.['app'] === 'helm' ||
    labels?.['name'] === 'tiller'
  );
}

export const tiller = defineManifestCheck({
  id: 'tiller',
  title: 'Runs Tiller',
  aliases: ['KSV-0102'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'critical',
  why: 'Tiller of Helm 2 executes what anybody in the cluster sends it, with the rights of an administrator.',
  remediation: 'Move to Helm 3 and remove Tiller',
  urls: ['https://helm.sh/docs/topics/v2_v3_migration/'],
  example: {
    good: podWithContainer('image: registry.example/web:1'),
    bad: podWithContainer('image: registry.example/tiller:v2.17.0'),
  },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    if (pod === undefined) return [];
    const own = asObject(resource.object['metadata']);
    const byImage = pod.containers.find(({ imageText }) => imageText.includes('tiller'));
    if (byImage !== undefined)
      return [{ message: `the container ${byImage.name} runs Tiller`, at: [...byImage.at, 'image'] }];
    const isNamed = [own, pod.metadata].some(isTiller);
    return isNamed ? [{ message: 'it is named or labelled as Tiller', at: ['metadata'] }] : [];
  },
});
