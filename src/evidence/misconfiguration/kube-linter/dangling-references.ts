// SPDX-License-Identifier: Apache-2.0
// What is to be said about references that lead nowhere. KubeLinter and our own profile have a check of each, in the same words; they differ in when they
// speak (cautious.ts), so only that stands in the checks.

import {
  autoscaler,
  deployment,
  ingressTo,
  manifests,
  networkPolicy,
  service,
  serviceMonitor,
} from '../example-manifests.ts';
import type { ManifestCheck } from '../manifest-check.ts';

type Explanation = Omit<ManifestCheck, 'id' | 'profiles' | 'run'>;

export const autoscalerWithoutTarget: Explanation = {
  title: 'An autoscaler scales a workload that is not there',
  aliases: ['kube-linter/dangling-horizontalpodautoscaler'],
  severity: 'low',
  why: 'An autoscaler without a target never scales, and nobody notices before the load comes.',
  remediation: 'Correct scaleTargetRef, or remove the autoscaler',
  urls: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
  example: {
    good: manifests(deployment(), autoscaler()),
    bad: manifests(deployment(), autoscaler({ deployment: 'wev' })),
  },
  kinds: ['HorizontalPodAutoscaler'],
};

export const ingressWithoutService: Explanation = {
  title: 'An Ingress leads to a Service or port that is not there',
  aliases: ['kube-linter/dangling-ingress'],
  severity: 'low',
  why: 'A route to nothing answers errors today and belongs to whoever creates a Service of that name tomorrow.',
  remediation: 'Correct the name or port of the backend, or remove the rule',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/ingress/'],
  example: {
    good: manifests(service(), ingressTo('web')),
    bad: manifests(service(), ingressTo('wev')),
  },
  kinds: ['Ingress'],
};

export const policyWithoutPods: Explanation = {
  title: 'A NetworkPolicy selects no Pod',
  aliases: ['kube-linter/dangling-networkpolicy'],
  severity: 'medium',
  why: 'A policy with a mistake in its selector protects nothing while it looks as if it did.',
  remediation: 'Make podSelector match the labels of the Pods it is meant for',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  example: {
    good: manifests(deployment(), networkPolicy()),
    bad: manifests(deployment(), networkPolicy({ selector: 'app: wev' })),
  },
  kinds: ['NetworkPolicy'],
};

export const serviceWithoutPods: Explanation = {
  title: 'A Service selects no Pod',
  aliases: ['kube-linter/dangling-service'],
  severity: 'low',
  why: 'A Service that leads nowhere fails its callers, and any Pod that gets its labels later receives the traffic.',
  remediation: 'Make the selector match the labels of the Pods, or remove the Service',
  urls: ['https://kubernetes.io/docs/concepts/services-networking/service/'],
  example: {
    good: manifests(deployment(), service()),
    bad: manifests(deployment(), service({ selector: 'app: wev' })),
  },
  kinds: ['Service'],
};

export const monitorWithoutServices: Explanation = {
  title: 'A ServiceMonitor selects no Service',
  aliases: ['kube-linter/dangling-servicemonitor'],
  severity: 'low',
  why: 'A monitor that finds no Service measures nothing, so an outage or an attack leaves no trace.',
  remediation: 'Make the selectors match the labels and namespace of the Service',
  urls: [],
  example: {
    good: manifests(
      service({ metadata: 'name: web, namespace: shop, labels: { app: web }', port: 'port: 80, name: http' }),
      serviceMonitor('app: web'),
    ),
    bad: manifests(
      service({ metadata: 'name: web, namespace: shop, labels: { app: web }', port: 'port: 80, name: http' }),
      serviceMonitor('app: wev'),
    ),
  },
  kinds: ['ServiceMonitor'],
};
