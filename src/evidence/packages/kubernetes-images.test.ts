// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { kubernetesImages } from './kubernetes-images.ts';

const manifests = `apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      initContainers:
        - image: init:1
      containers:
        - name: app
          image: reg.example/app:2
---
apiVersion: batch/v1
kind: CronJob
spec:
  jobTemplate: {spec: {template: {spec: {containers: [{image: busybox}]}}}}
`;

describe('kubernetesImages', () => {
  it('finds containers at any depth of any kind, with their lines', () => {
    const { names, get } = catalogText(kubernetesImages, { 'deploy.yaml': manifests });

    expect(names).toEqual(['busybox@latest', 'init@1', 'reg.example/app@2']);
    expect(get('reg.example/app').locations).toMatchObject([{ line: 10 }]);
  });

  it('says nothing about YAML of other programs, and about templates', () => {
    const template = 'apiVersion: v1\nkind: Pod\nspec: {{ .image }}\n  x: [';

    const other = catalogText(kubernetesImages, { 'a.yaml': 'image: x:1\n', 'b.yaml': template });

    expect([...other.packages, ...other.problems]).toEqual([]);
  });
});
