// SPDX-License-Identifier: Apache-2.0
// Manifests as careful people write them: the profile `landwaiter` has nothing to say about them, or somebody learns to ignore it.
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { checkManifests } from './check-manifests.ts';
import { manifestChecks } from './checks/index.ts';

/** Asked for by benchmarks, and often left out for good reasons: numbers of users above 10000, limits of CPU. */
const strict = ['low-user-id', 'low-group-id', 'cpu-limit'].map((id) => `misconfiguration/${id}`);

/** A web application with all that belongs to it, in a namespace that enforces the restricted standard. */
const application = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: { pod-security.kubernetes.io/enforce: restricted }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: web, namespace: shop, labels: { app.kubernetes.io/name: web } }
automountServiceAccountToken: false
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: shop, namespace: shop }
spec: { hard: { requests.cpu: "4", requests.memory: 8Gi, limits.cpu: "8", limits.memory: 16Gi } }
---
apiVersion: v1
kind: LimitRange
metadata: { name: shop, namespace: shop }
spec: { limits: [{ type: Container, default: { cpu: 200m, memory: 128Mi }, defaultRequest: { cpu: 100m, memory: 64Mi }, min: { cpu: 10m, memory: 16Mi }, max: { cpu: "2", memory: 1Gi } }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: web, namespace: shop }
data:
  LOG_LEVEL: info
  FEATURES: "search,basket"
  nginx.conf: |
    server { listen 8080; location / { root /srv; } }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: { app.kubernetes.io/name: web, app.kubernetes.io/instance: web }
spec:
  replicas: 3
  strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } }
  selector: { matchLabels: { app.kubernetes.io/name: web } }
  template:
    metadata: { labels: { app.kubernetes.io/name: web } }
    spec:
      serviceAccountName: web
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 20001
        runAsGroup: 20001
        fsGroup: 20001
        seccompProfile: { type: RuntimeDefault }
      topologySpreadConstraints:
        - { maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app.kubernetes.io/name: web } } }
      initContainers:
        - name: migrate
          image: registry.example.com/shop/web@sha256:4f1c9a7b8c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f
          args: [migrate]
          resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { cpu: 200m, memory: 128Mi } }
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
      containers:
        - name: web
          image: registry.example.com/shop/web@sha256:4f1c9a7b8c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f
          ports: [{ name: http, containerPort: 8080 }]
          env:
            - { name: LOG_LEVEL, valueFrom: { configMapKeyRef: { name: web, key: LOG_LEVEL } } }
            - { name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: web-db, key: password } } }
            - { name: TOKEN_FILE, valueFrom: { configMapKeyRef: { name: web, key: FEATURES } } }
          resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { cpu: 500m, memory: 256Mi } }
          livenessProbe: { httpGet: { path: /live, port: http }, periodSeconds: 10 }
          readinessProbe: { httpGet: { path: /ready, port: http }, periodSeconds: 5 }
          startupProbe: { httpGet: { path: /live, port: 8080 }, failureThreshold: 30 }
          securityContext:
            allowPrivilegeEscalation: false
            privileged: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          volumeMounts: [{ name: tmp, mountPath: /tmp }, { name: config, mountPath: /etc/nginx, readOnly: true }]
      volumes:
        - { name: tmp, emptyDir: { medium: Memory, sizeLimit: 64Mi } }
        - { name: config, configMap: { name: web } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, labels: { app.kubernetes.io/name: web } }
spec: { selector: { app.kubernetes.io/name: web }, ports: [{ name: http, port: 80, targetPort: http }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [shop.example.com], secretName: web-tls }]
  rules:
    - host: shop.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { name: http } } } }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: web } }
  policyTypes: [Ingress, Egress]
  ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } } }], ports: [{ port: 8080 }] }]
  egress: [{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }], ports: [{ port: 53, protocol: UDP }] }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: shop }
spec: { minAvailable: 2, unhealthyPodEvictionPolicy: AlwaysAllow, selector: { matchLabels: { app.kubernetes.io/name: web } } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: shop }
spec: { minReplicas: 3, maxReplicas: 9, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web } }
`;

/** A database, a backup, an agent on every node, and what has no Pods. */
const data = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop, labels: { app: db } }
spec:
  serviceName: db
  replicas: 3
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      automountServiceAccountToken: false
      securityContext: { runAsNonRoot: true, runAsUser: 26000, runAsGroup: 26000, fsGroup: 26000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: postgres
          image: registry.example.com/library/postgres:17.2@sha256:4f1c9a7b8c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f
          ports: [{ name: postgres, containerPort: 5432 }]
          env:
            - name: POSTGRES_PASSWORD_FILE
              valueFrom: { fieldRef: { fieldPath: metadata.name } }
          resources: { requests: { cpu: 250m, memory: 512Mi }, limits: { cpu: "1", memory: 1Gi } }
          livenessProbe: { tcpSocket: { port: postgres } }
          readinessProbe: { exec: { command: [pg_isready] } }
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
          volumeMounts: [{ name: data, mountPath: /var/lib/postgresql/data }, { name: run, mountPath: /run }]
      volumes: [{ name: run, emptyDir: {} }]
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 10Gi } } } }]
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { clusterIP: None, selector: { app: db }, ports: [{ name: postgres, port: 5432 }] }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: backup, namespace: shop }
spec:
  schedule: "17 3 * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        metadata: { labels: { app: backup } }
        spec:
          restartPolicy: OnFailure
          automountServiceAccountToken: false
          securityContext: { runAsNonRoot: true, runAsUser: 26001, runAsGroup: 26001, seccompProfile: { type: RuntimeDefault } }
          containers:
            - name: backup
              image: registry.example.com/shop/backup:2.4.1
              args: [--to, s3://shop-backup]
              resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { cpu: 500m, memory: 256Mi } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: web, namespace: shop }
rules: [{ apiGroups: [""], resources: [configmaps], resourceNames: [web], verbs: [get, watch] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: web, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: web }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
---
apiVersion: v1
kind: Service
metadata: { name: mail, namespace: shop }
spec: { type: ExternalName, externalName: mail.example.com }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: uploads, namespace: shop }
spec: { accessModes: [ReadWriteMany], resources: { requests: { storage: 5Gi } } }
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: shop }
value: 1000
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: observability }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      automountServiceAccountToken: false
      securityContext: { runAsNonRoot: true, runAsUser: 30000, runAsGroup: 30000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: agent
          image: registry.example.com/observability/agent:1.9.0
          ports: [{ containerPort: 9100 }]
          resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { cpu: 200m, memory: 128Mi } }
          livenessProbe: { httpGet: { path: /, port: 9100 } }
          readinessProbe: { httpGet: { path: /, port: 9100 } }
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
`;

/** What charts and operators usually render to. */
const chart = `# Source: shop/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: release-shop
  namespace: shop
  labels: { helm.sh/chart: shop-1.2.0, app.kubernetes.io/name: shop, app.kubernetes.io/instance: release, app.kubernetes.io/version: "1.2.0", app.kubernetes.io/managed-by: Helm }
spec:
  replicas: 2
  selector: { matchLabels: { app.kubernetes.io/name: shop, app.kubernetes.io/instance: release } }
  template:
    metadata:
      annotations: { checksum/config: 3f2a }
      labels: { app.kubernetes.io/name: shop, app.kubernetes.io/instance: release }
    spec:
      serviceAccountName: release-shop
      automountServiceAccountToken: false
      securityContext: { fsGroup: 1000, runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: shop
          image: "ghcr.io/example/shop:1.2.0"
          imagePullPolicy: IfNotPresent
          ports: [{ name: http, containerPort: 8080, protocol: TCP }]
          envFrom: [{ secretRef: { name: release-shop } }]
          livenessProbe: { httpGet: { path: /, port: http } }
          readinessProbe: { httpGet: { path: /, port: http } }
          resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 128Mi } }
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: release-shop, namespace: shop }
automountServiceAccountToken: false
---
apiVersion: v1
kind: Service
metadata: { name: release-shop, namespace: shop }
spec: { type: ClusterIP, ports: [{ port: 80, targetPort: http, protocol: TCP, name: http }], selector: { app.kubernetes.io/name: shop, app.kubernetes.io/instance: release } }
---
apiVersion: v1
kind: Pod
metadata: { name: release-shop-test, namespace: shop, annotations: { helm.sh/hook: test } }
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: { type: RuntimeDefault } }
  containers:
    - name: wget
      image: docker.io/library/busybox:1.37.0
      command: [wget]
      args: ["release-shop:80"]
      resources: { requests: { cpu: 10m, memory: 16Mi }, limits: { cpu: 50m, memory: 32Mi } }
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: operator, namespace: operator-system }
spec:
  replicas: 1
  selector: { matchLabels: { control-plane: operator } }
  template:
    metadata: { labels: { control-plane: operator } }
    spec:
      serviceAccountName: operator
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: manager
          image: quay.io/example/operator:v0.9.1
          args: [--leader-elect]
          env: [{ name: POD_NAMESPACE, valueFrom: { fieldRef: { fieldPath: metadata.namespace } } }, { name: TOKEN_AUDIENCE, value: api }, { name: SECRET_NAME, value: operator-tls }]
          livenessProbe: { httpGet: { path: /healthz, port: 8081 } }
          readinessProbe: { httpGet: { path: /readyz, port: 8081 } }
          ports: [{ containerPort: 8081 }]
          resources: { requests: { cpu: 10m, memory: 64Mi }, limits: { cpu: 500m, memory: 128Mi } }
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: leader-election, namespace: operator-system }
rules: [{ apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update] }]
---
apiVersion: v1
kind: Service
metadata: { name: operator-webhook, namespace: operator-system }
spec: { selector: { control-plane: operator }, ports: [{ port: 443, targetPort: 9443 }] }
---
apiVersion: v1
kind: Service
metadata: { name: gateway, namespace: shop }
spec: { type: LoadBalancer, selector: { app.kubernetes.io/name: shop }, ports: [{ port: 443, targetPort: http }] }
---
apiVersion: v1
kind: Secret
metadata: { name: pull, namespace: shop }
type: kubernetes.io/dockerconfigjson
data: { .dockerconfigjson: e30= }
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, namespace: shop }
spec:
  ttlSecondsAfterFinished: 600
  template:
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: migrate
          image: registry.example.com/shop/migrate:2
          resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: rollout, namespace: shop }
spec: { minReplicas: 2, maxReplicas: 4, scaleTargetRef: { apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: shop-canary } }
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: shop-canary, namespace: shop }
spec:
  selector: { matchLabels: { app: canary } }
  template:
    metadata: { labels: { app: canary } }
    spec:
      automountServiceAccountToken: false
      securityContext: { runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: shop
          image: registry.example.com/shop/web:1.5
          resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { cpu: 100m, memory: 64Mi } }
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
---
apiVersion: v1
kind: Service
metadata: { name: canary, namespace: shop }
spec: { selector: { app: canary }, ports: [{ port: 80, targetPort: 8080 }] }
`;

describe('the profile landwaiter', () => {
  it('is silent about hardened manifests', () => {
    const { resources } = resourcesOf(parseKubernetesYaml([application, data, chart].join('---\n'), 'all.yaml'));

    const decisions = checkManifests(resources, { checks: manifestChecks, subject: 'tree', evidence: [] });

    const told = decisions.filter(
      ({ outcome, rule }) => outcome !== 'pass' && outcome !== 'skip' && !strict.includes(rule),
    );
    expect(resources.length).toBeGreaterThan(30);
    expect(told.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  });
});
