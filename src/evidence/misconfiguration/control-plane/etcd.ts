// SPDX-License-Identifier: Apache-2.0
// Flags of etcd (CIS Kubernetes benchmark 2).

import type { ManifestCheck } from '../manifest-check.ts';
import type { FlagRow } from './component.ts';
import { flagCheck } from './component.ts';

const rows: readonly FlagRow[] = [
  {
    id: 'etcd-certificate',
    title: 'etcd has no certificate',
    trivy: 'KCV-0042',
    cis: '2.1',
    severity: 'low',
    why: 'Without TLS everything in the cluster, secrets included, can be read on the network.',
    rule: { must: 'be-set', flags: ['cert-file', 'key-file'] },
  },
  {
    id: 'etcd-client-certificates',
    title: 'etcd asks clients for no certificate',
    trivy: 'KCV-0043',
    cis: '2.2',
    severity: 'low',
    why: 'Whoever reaches the port of etcd could read and write the whole state of the cluster.',
    rule: { must: 'equal', flag: 'client-cert-auth', value: 'true' },
  },
  {
    id: 'etcd-auto-tls',
    title: 'etcd makes its own certificates for clients',
    trivy: 'KCV-0044',
    cis: '2.3',
    severity: 'low',
    why: 'Certificates that a server made for itself cannot be checked by clients.',
    rule: { must: 'not-equal', flag: 'auto-tls', value: 'true' },
  },
  {
    id: 'etcd-peer-certificate',
    title: 'etcd has no certificate for its peers',
    trivy: 'KCV-0045',
    cis: '2.4',
    severity: 'low',
    why: 'Members of etcd exchange the whole state of the cluster, which must not cross the network in the clear.',
    rule: { must: 'be-set', flags: ['peer-cert-file', 'peer-key-file'] },
  },
  {
    id: 'etcd-peer-client-certificates',
    title: 'etcd asks its peers for no certificate',
    trivy: 'KCV-0046',
    cis: '2.5',
    severity: 'low',
    why: 'Anybody who reaches the port could join as a member and receive all data.',
    rule: { must: 'equal', flag: 'peer-client-cert-auth', value: 'true' },
  },
  {
    id: 'etcd-peer-auto-tls',
    title: 'etcd makes its own certificates for its peers',
    trivy: 'KCV-0047',
    cis: '2.6',
    severity: 'low',
    why: 'Certificates that a member made for itself cannot be checked by the others.',
    rule: { must: 'not-equal', flag: 'peer-auto-tls', value: 'true' },
  },
];

export const etcdChecks: readonly ManifestCheck[] = rows.map((row) => flagCheck('etcd', row));
