// SPDX-License-Identifier: Apache-2.0
import { whereServices } from '../kube-linter/cautious.ts';
import { danglingServiceMonitorTemplate } from '../kube-linter/reference-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const danglingServicemonitor = defineManifestCheck({
  id: 'dangling-servicemonitor',
  title: 'A ServiceMonitor selects no Service',
  aliases: ['kube-linter/dangling-servicemonitor'],
  profiles: ['landwaiter'],
  severity: 'low',
  why: 'A monitor that finds no Service measures nothing, so an outage or an attack leaves no trace.',
  remediation: 'Make the selectors match the labels and namespace of the Service',
  urls: [],
  example: {
    good: `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { selector: { app: web }, ports: [{ port: 80, name: http }] }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  endpoints: [{ port: http }]
`,
    bad: `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { selector: { app: web }, ports: [{ port: 80, name: http }] }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: wev } }
  endpoints: [{ port: http }]
`,
  },
  kinds: ['ServiceMonitor'],
  run: whereServices(builtIn(danglingServiceMonitorTemplate, 'dangling-servicemonitor'), 'everywhere'),
});
