// SPDX-License-Identifier: Apache-2.0
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf, volumesOf } from '../workload.ts';

/** Kinds of volumes outside the restricted standard; hostPath has a check of its own. */
const directTypes: readonly string[] = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cephFS',
  'cinder',
  'fc',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'gitRepo',
  'glusterfs',
  'iscsi',
  'nfs',
  'photonPersistentDisk',
  'portworxVolume',
  'quobyte',
  'rbd',
  'scaleIO',
  'storageos',
  'vsphereVolume',
];

export const volumeType = defineManifestCheck({
  id: 'volume-type',
  title: 'Mounts a kind of volume that should not stand in a Pod',
  aliases: ['KSV-0028'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'These volumes carry addresses and credentials of storage in the Pod and are not controlled by the administrator of the storage.',
  remediation:
    'Use a PersistentVolumeClaim, or one of configMap, csi, downwardAPI, emptyDir, ephemeral, projected and secret',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  example: {
    good: podWith('volumes: [{ name: data, emptyDir: {} }]'),
    bad: podWith('volumes: [{ name: data, nfs: { server: nfs.example, path: / } }]'),
  },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    if (pod === undefined) return [];
    const found = volumesOf(pod).flatMap((volume) => {
      const type = directTypes.find((name) => volume.volume[name] !== undefined && volume.volume[name] !== null);
      return type === undefined ? [] : [{ name: volume.name, type, at: [...volume.at, type] }];
    });
    const [first] = found;
    if (first === undefined) return [];
    const names = found.slice(0, 20).map(({ name, type }) => `${name} (${type})`);
    return [{ message: `the Pod mounts the volumes ${names.join(', ')}`, at: first.at }];
  },
});
