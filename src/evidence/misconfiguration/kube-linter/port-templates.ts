// SPDX-License-Identifier: Apache-2.0
// Templates of KubeLinter about ports and probes: which ports containers open, how they are named, and whether probes ask for one that is open.

import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import type { ManifestFault } from '../manifest-check.ts';
import { printed, quoted } from './go-text.ts';
import type { ContainerView } from './pods.ts';
import { objectsIn, perContainer, perMainContainer, podViewOf } from './pods.ts';
import { defineTemplate, fault } from './template.ts';

function portsOf(container: JsonObject, at: DocumentPath) {
  return objectsIn(container['ports'], [...at, 'ports']);
}

export const portsTemplate = defineTemplate({
  name: 'ports',
  kinds: ['DeploymentLike'],
  parameters: [
    { name: 'port', type: 'number' },
    { name: 'protocol', type: 'text' },
  ],
  instantiate: (parameters) => {
    const wanted = parameters.number('port') ?? 0;
    const matches = parameters.matcher('protocol');
    return perContainer(({ name, at, container }) =>
      portsOf(container, at).flatMap((port) => {
        const protocol = asString(port.value['protocol']) ?? 'TCP';
        if (port.value['containerPort'] !== wanted || !matches(protocol)) return [];
        return [
          fault(
            port.at,
            `port ${wanted} and protocol ${protocol} in container ${quoted(name)} found`,
            `the container ${name} opens port ${wanted} (${protocol})`,
          ),
        ];
      }),
    );
  },
});

export const privilegedPortsTemplate = defineTemplate({
  name: 'privileged-ports',
  kinds: ['DeploymentLike'],
  parameters: [],
  instantiate: () =>
    perContainer(({ name, at, container }) =>
      portsOf(container, at).flatMap((port) => {
        const number = port.value['containerPort'];
        if (typeof number !== 'number' || number <= 0 || number >= 1024) return [];
        return [fault(port.at, `port ${number} is mapped in container ${quoted(name)}.`)];
      }),
    ),
});

/** What apimachinery's validation.IsValidPortName finds wrong, in its order. */
function portNameFaults(name: string): readonly string[] {
  const faults: string[] = [];
  if (name.length > 15) faults.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name)) faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) faults.push('must contain at least one letter (a-z)');
  if (name.includes('--')) faults.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) faults.push('must not begin or end with a hyphen');
  return faults;
}

export const targetPortTemplate = defineTemplate({
  name: 'target-port',
  kinds: ['DeploymentLike', 'Service'],
  parameters: [],
  instantiate: () => {
    const inPods = perContainer(({ name, at, container }) =>
      portsOf(container, at).flatMap((port) => {
        const portName = asString(port.value['name']) ?? '';
        if (portName === '') return [];
        return portNameFaults(portName).map((words) =>
          fault(
            [...port.at, 'name'],
            `port name ${quoted(portName)} in container ${quoted(name)} ${words}`,
            `the name ${portName} of a port of the container ${name} ${words}`,
          ),
        );
      }),
    );
    return (resource, set) => {
      if (podViewOf(resource) !== undefined) return inPods(resource, set);
      if (resource.kind !== 'Service') return [];
      const spec = asObject(resource.object['spec']);
      return objectsIn(spec?.['ports'], ['spec', 'ports']).flatMap(({ value, at }): ManifestFault[] => {
        const target = value['targetPort'];
        const who = `port targetPort ${quoted(printed(target))} in service ${quoted(resource.name ?? '')}`;
        const place = [...at, 'targetPort'];
        const ours = `the targetPort ${printed(target)}`;
        if (typeof target === 'string')
          return portNameFaults(target).map((words) => fault(place, `${who} ${words}`, `${ours} ${words}`));
        if (typeof target !== 'number' || target === 0 || (target >= 1 && target <= 65535)) return [];
        return [fault(place, `${who} must be between 1 and 65535, inclusive`, `${ours} is not between 1 and 65535`)];
      });
    };
  },
});

function missingProbeTemplate(name: string, { member, words }: { readonly member: string; readonly words: string }) {
  return defineTemplate({
    name,
    kinds: ['DeploymentLike'],
    parameters: [],
    instantiate: () =>
      perMainContainer((view) =>
        asObject(view.container[member]) === undefined
          ? [fault([...view.at, member], `container ${quoted(view.name)} does not specify a ${words} probe`)]
          : [],
      ),
  });
}

export const livenessProbeTemplate = missingProbeTemplate('liveness-probe', {
  member: 'livenessProbe',
  words: 'liveness',
});

export const readinessProbeTemplate = missingProbeTemplate('readiness-probe', {
  member: 'readinessProbe',
  words: 'readiness',
});

/** What a probe asks for. A gRPC probe has a number only. */
const handlers = [
  { member: 'httpGet', words: 'HTTPGet' },
  { member: 'tcpSocket', words: 'TCPSocket' },
  { member: 'grpc', words: 'GRPC check' },
];

function probePortFaults({ name, at, container }: ContainerView, member: string): readonly ManifestFault[] {
  const probe = asObject(container[member]);
  if (probe === undefined) return [];
  const open = new Set<unknown>();
  for (const { value } of portsOf(container, at)) {
    const protocol = asString(value['protocol']) ?? '';
    if (protocol !== '' && protocol !== 'TCP') continue;
    open.add(value['containerPort']);
    open.add(asString(value['name']) ?? '');
  }
  for (const handler of handlers) {
    const asked = asObject(probe[handler.member]);
    if (asked === undefined || open.has(asked['port'])) continue;
    return [
      fault(
        [...at, member, handler.member, 'port'],
        `container ${quoted(name)} does not expose port ${printed(asked['port'] ?? 0)} for the ${handler.words}`,
        `the ${member} of the container ${name} asks for port ${printed(asked['port'] ?? 0)}, which the container does not open`,
      ),
    ];
  }
  return [];
}

function probePortTemplate(name: string, member: string) {
  return defineTemplate({
    name,
    kinds: ['DeploymentLike'],
    parameters: [],
    instantiate: () => perMainContainer((view) => probePortFaults(view, member)),
  });
}

export const livenessPortTemplate = probePortTemplate('liveness-port', 'livenessProbe');
export const readinessPortTemplate = probePortTemplate('readiness-port', 'readinessProbe');
export const startupPortTemplate = probePortTemplate('startup-port', 'startupProbe');
