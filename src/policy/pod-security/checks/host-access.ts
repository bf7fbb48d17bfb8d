// SPDX-License-Identifier: Apache-2.0
// Baseline checks of what a Pod may share with its node: namespaces, paths, ports, probes that reach elsewhere, privileges, Windows host processes.

import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { PodChange, PodContainer, PodSecurityCheck } from '../check.ts';
import { forContainers, namesOf } from '../check.ts';

const sharedNamespaces = ['hostNetwork', 'hostPID', 'hostIPC'];

export const hostNamespaces: PodSecurityCheck = {
  id: 'hostNamespaces',
  level: 'baseline',
  since: 0,
  evaluate: ({ spec }) => {
    const shared = sharedNamespaces.filter((name) => spec[name] === true);
    if (shared.length === 0) return undefined;
    return {
      reason: 'host namespaces',
      detail: shared.map((name) => `${name}=true`).join(', '),
      at: shared.map((name) => ['spec', name]),
      changes: shared.map((name): PodChange => ({ op: 'remove', at: ['spec', name] })),
    };
  },
};

export const privileged: PodSecurityCheck = {
  id: 'privileged',
  level: 'baseline',
  since: 0,
  evaluate: forContainers('privileged', {
    isBad: ({ securityContext }) => securityContext['privileged'] === true,
    must: 'not set securityContext.privileged=true',
    member: ['securityContext', 'privileged'],
    change: ({ at }) => ({ op: 'remove', at: [...at, 'securityContext', 'privileged'] }),
  }),
};

export const hostPathVolumes: PodSecurityCheck = {
  id: 'hostPathVolumes',
  level: 'baseline',
  since: 0,
  evaluate: ({ spec }) => {
    const found = asArray(spec['volumes']).flatMap((volume, index) => {
      const object = asObject(volume);
      const hasPath = asObject(object?.['hostPath']) !== undefined;
      return hasPath ? [{ name: asString(object?.['name']) ?? String(index), index }] : [];
    });
    if (found.length === 0) return undefined;
    const names = found.map(({ name }) => JSON.stringify(name)).join(', ');
    return {
      reason: 'hostPath volumes',
      detail: `${found.length === 1 ? 'volume' : 'volumes'} ${names}`,
      at: found.map(({ index }) => ['spec', 'volumes', index, 'hostPath']),
      changes: [],
    };
  },
};

function hostPortsOf({ container }: PodContainer): number[] {
  return asArray(container['ports']).flatMap((port) => {
    const hostPort = asObject(port)?.['hostPort'];
    return typeof hostPort === 'number' && hostPort !== 0 ? [hostPort] : [];
  });
}

export const hostPorts: PodSecurityCheck = {
  id: 'hostPorts',
  level: 'baseline',
  since: 0,
  evaluate: ({ containers }) => {
    const bad = containers.filter((container) => hostPortsOf(container).length > 0);
    if (bad.length === 0) return undefined;
    const ports = [...new Set(bad.flatMap(hostPortsOf))].toSorted((left, right) => left - right);
    return {
      reason: 'hostPort',
      detail: `${namesOf(bad)} ${bad.length === 1 ? 'uses' : 'use'} ${ports.length === 1 ? 'hostPort' : 'hostPorts'} ${ports.join(', ')}`,
      at: bad.map(({ at }) => [...at, 'ports']),
      changes: bad.flatMap(({ at, container }) =>
        asArray(container['ports']).flatMap((port, index): PodChange[] => {
          const hasPort = Boolean(asObject(port)?.['hostPort']);
          return hasPort ? [{ op: 'remove', at: [...at, 'ports', index, 'hostPort'] }] : [];
        }),
      ),
    };
  },
};

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const hooks = ['postStart', 'preStop'];

/** Members of a container that name a host to connect to. */
function namedHosts({ container }: PodContainer): (readonly string[])[] {
  const lifecycle = asObject(container['lifecycle']);
  const actions: readonly (readonly [readonly string[], JsonObject | undefined])[] = [
    ...probes.map((name) => [[name], asObject(container[name])] as const),
    ...hooks.map((name) => [['lifecycle', name], asObject(lifecycle?.[name])] as const),
  ];
  return actions.flatMap(([path, action]) =>
    ['httpGet', 'tcpSocket'].flatMap((kind) => {
      const host = asString(asObject(action?.[kind])?.['host']);
      return host === undefined || host === '' ? [] : [[...path, kind, 'host']];
    }),
  );
}

export const hostProbesAndHostLifecycle: PodSecurityCheck = {
  id: 'hostProbesAndHostLifecycle',
  level: 'baseline',
  since: 34,
  evaluate: ({ containers }) => {
    const bad = containers.filter((container) => namedHosts(container).length > 0);
    if (bad.length === 0) return undefined;
    const places = bad.flatMap((container) => namedHosts(container).map((path) => [...container.at, ...path]));
    return {
      reason: 'probe or lifecycle host',
      detail: `${namesOf(bad)} must not name a host in probes or lifecycle hooks`,
      at: places,
      changes: places.map((at): PodChange => ({ op: 'remove', at })),
    };
  },
};

export const windowsHostProcess: PodSecurityCheck = {
  id: 'windowsHostProcess',
  level: 'baseline',
  since: 0,
  evaluate: ({ securityContext, containers }) => {
    const isSet = (context: JsonObject): boolean => asObject(context['windowsOptions'])?.['hostProcess'] === true;
    const bad = containers.filter((container) => isSet(container.securityContext));
    const isPodBad = isSet(securityContext);
    if (bad.length === 0 && !isPodBad) return undefined;
    const setters = [...(isPodBad ? ['pod'] : []), ...(bad.length === 0 ? [] : [namesOf(bad)])];
    const member = ['securityContext', 'windowsOptions', 'hostProcess'];
    const places = [...(isPodBad ? [['spec', ...member]] : []), ...bad.map(({ at }) => [...at, ...member])];
    return {
      reason: 'hostProcess',
      detail: `${setters.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`,
      at: places,
      changes: places.map((at): PodChange => ({ op: 'remove', at })),
    };
  },
};
