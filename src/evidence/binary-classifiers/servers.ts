// SPDX-License-Identifier: Apache-2.0
// Web servers, proxies, orchestration and monitoring programs.
import type { BinaryClassifier } from './classifier.ts';
import { betweenNuls, generic, goLinked, product } from './classifier.ts';

/** Three numbers with a pre-release of Go modules. */
const release = String.raw`\d{1,2}\.\d{1,3}\.\d{1,3}(?:-(?:alpha|beta|rc)[.\d]{0,6})?`;
/**
 * Go puts its texts together without separators: what follows a version is no digit and no dot. `8.0.0` stands in every beat, as a limit.
 */
const beatVersions = [
  { pattern: /[a-zA-Z:) ](?<version>[6-9]\.(?!0\.0[^\d.])\d{1,2}\.\d{1,2})(?=[^\d.])/ },
  { pattern: /[a-zA-Z:) ](?<version>[6-9]\.\d{1,2}\.\d{1,2})(?=[^\d.])/ },
];

function beat(name: string): BinaryClassifier {
  return {
    id: name,
    files: [`**/${name}`],
    product: generic(name, `elastic:${name}`),
    rules: [
      { near: 'setupTest ', reach: 16, pattern: /setupTest (?<version>\d{1,2}\.\d{1,2}\.\d{1,2})(?=[^\d.])/ },
      { near: 'createplugin', reach: 16, pattern: /createplugin(?<version>\d{1,2}\.\d{1,2}\.\d{1,2})(?=[^\d.])/ },
      ...beatVersions,
    ],
  };
}

export const servers: readonly BinaryClassifier[] = [
  {
    id: 'nginx',
    files: ['**/nginx'],
    product: generic('nginx', 'f5:nginx', 'nginx:nginx'),
    rules: [
      { near: 'nginx version: nginx/', pattern: /nginx\/(?<version>\d{1,2}\.\d{1,3}\.\d{1,3})/ },
      { near: 'nginx version: openresty/', pattern: /openresty\/(?<version>\d{1,2}\.\d{1,3}\.\d{1,3})/ },
      { near: 'nginx/', pattern: /nginx\/(?<version>\d{1,2}\.\d{1,3}\.\d{1,3})/ },
    ],
  },
  {
    id: 'httpd',
    files: ['**/{httpd,apache2}'],
    product: generic('httpd', 'apache:http_server'),
    rules: [{ near: 'Apache/', pattern: /Apache\/(?<version>2\.\d{1,2}\.\d{1,3})/ }],
  },
  {
    id: 'lighttpd',
    files: ['**/lighttpd'],
    product: generic('lighttpd', 'lighttpd:lighttpd'),
    rules: [{ near: 'lighttpd/', pattern: /lighttpd\/(?<version>\d{1,2}\.\d{1,3}\.\d{1,3})/ }],
  },
  {
    id: 'haproxy',
    files: ['**/haproxy'],
    product: generic('haproxy', 'haproxy:haproxy'),
    rules: [
      {
        near: 'HAProxy version follows',
        pattern:
          /(?:^|\0)(?<version>\d{1,2}\.\d{1,2}(?:\.\d{1,3}|-dev\d{1,2}))(?:-[0-9a-z~+.-]{1,40})?\0{1,16}HAProxy version follows/,
      },
      { near: 'HA-Proxy version ', pattern: /HA-Proxy version (?<version>\d{1,2}\.\d{1,2}(?:\.\d{1,3}|-dev\d{1,2}))/ },
      {
        near: ', released ',
        pattern: / version (?<version>\d{1,2}\.\d{1,2}(?:\.\d{1,3}|-dev\d{1,2}))[\w.~+-]{0,40}, released /,
      },
    ],
  },
  {
    id: 'traefik',
    files: ['**/traefik'],
    product: generic('traefik', 'traefik:traefik'),
    rules: [{ pattern: goLinked(`v?${release}`) }],
  },
  {
    id: 'envoy',
    files: ['**/envoy'],
    product: generic('envoy', 'envoyproxy:envoy'),
    rules: [
      {
        near: '/RELEASE/',
        pattern: /\/(?<version>\d\.\d{1,3}\.\d{1,3}(?:-dev)?)\/(?:Clean|Modified|Distribution)?\/?RELEASE\//,
      },
      { pattern: betweenNuls(String.raw`1\.\d{1,2}\.\d{1,3}(?:-dev)?`) },
    ],
  },
  {
    id: 'consul',
    files: ['**/consul'],
    product: product('consul', { type: 'golang', path: 'github.com/hashicorp/consul' }, 'hashicorp:consul'),
    rules: [
      { near: 'CONSUL_VERSION: ', pattern: /CONSUL_VERSION: (?<version>\d{1,2}\.\d{1,3}\.\d{1,3})/ },
      { pattern: goLinked(String.raw`v1\.\d{1,3}\.\d{1,3}`) },
    ],
  },
  {
    id: 'vault',
    files: ['**/vault'],
    product: product(
      'github.com/hashicorp/vault',
      { type: 'golang', path: 'github.com/hashicorp/vault' },
      'hashicorp:vault',
    ),
    // The version is a file that the program embeds; Go sorts texts by length, which gives it known neighbours.
    rules: [
      { near: '123-abc', reach: 24, pattern: /(?<version>1\.\d{1,2}\.\d{1,2}?(?:-rc\d{1,2})?)\n?123-abc/ },
      {
        near: 'index_state',
        reach: 24,
        pattern: /index_state(?<version>1\.\d{1,2}\.\d{1,2}(?:-rc\d{1,2})?)(?=[^\d.])/,
      },
      { near: 'revoke', reach: 24, pattern: /revoke(?<version>1\.\d{1,2}\.\d{1,2}(?:-rc\d{1,2})?)(?=[^\d.])/ },
      { pattern: /[a-z](?<version>1\.\d{1,2}\.\d{1,2}(?:-rc\d{1,2})?)(?:\n|\)\(nil\)\))/ },
      { pattern: goLinked(String.raw`1\.\d{1,2}\.\d{1,2}(?:-rc\d{1,2})?`) },
    ],
  },
  {
    id: 'helm',
    files: ['**/helm'],
    product: product('helm', { type: 'golang', path: 'helm.sh/helm' }, 'helm:helm'),
    rules: [{ pattern: goLinked(`v${release}`) }],
  },
  {
    id: 'istio-pilot-discovery',
    files: ['**/pilot-discovery'],
    product: product('pilot-discovery', { type: 'generic', path: 'istio' }, 'istio:istio'),
    rules: istioRules(),
  },
  {
    id: 'istio-pilot-agent',
    files: ['**/pilot-agent'],
    product: product('pilot-agent', { type: 'generic', path: 'istio' }, 'istio:istio'),
    rules: istioRules(),
  },
  {
    id: 'grafana',
    files: ['**/{grafana,grafana-server}'],
    product: generic('grafana', 'grafana:grafana'),
    rules: [
      { near: 'release-', reach: 24, pattern: /release-(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})(?=[+\0])/ },
      {
        pattern: goLinked(
          String.raw`(?:[4-9]|1\d)\.\d{1,2}\.\d{1,3}(?:-(?:alpha|beta|test|preview|pre|\d{4,8})\d{0,2})?`,
        ),
      },
    ],
  },
  {
    id: 'nginx-ingress-controller',
    files: ['**/nginx-ingress-controller'],
    product: generic('nginx-ingress-controller', 'kubernetes:ingress-nginx'),
    rules: [{ pattern: goLinked(`v${release}`) }],
  },
  {
    id: 'fluent-bit',
    files: ['**/fluent-bit'],
    product: product('fluent-bit', { type: 'github', path: 'fluent/fluent-bit' }, 'treasuredata:fluent_bit'),
    rules: [
      {
        near: 'Fluent Bit v%s',
        pattern:
          /\0(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})(?:-[\w.-]{1,20})?\0[^\0]{0,60}\0{0,60}[^\0]{0,60}Fluent Bit v%s/,
      },
      { near: 'Fluent Bit v', pattern: /Fluent Bit v(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/ },
    ],
  },
  beat('filebeat'),
  beat('heartbeat'),
  beat('packetbeat'),
  beat('auditbeat'),
  beat('metricbeat'),
  {
    id: 'elastic-agent',
    files: ['**/elastic-agent'],
    product: generic('elastic-agent', 'elastic:elastic_agent'),
    rules: [
      { near: 'enroll', reach: 24, pattern: /enroll(?:: true)?(?<version>\d{1,2}\.\d{1,2}\.\d{1,2})(?=[^\d.])/ },
      { near: '3:04PM', reach: 24, pattern: /3:04PM(?<version>\d{1,2}\.\d{1,2}\.\d{1,2})(?=[^\d.])/ },
      ...beatVersions,
    ],
  },
  {
    id: 'proftpd',
    files: ['**/proftpd'],
    product: generic('proftpd', 'proftpd:proftpd'),
    rules: [
      { near: 'ProFTPD', pattern: /ProFTPD(?: Version)?[ /](?<version>1\.\d\.\d{1,2}(?:rc\d{1,2}|[a-z])?)/ },
      { pattern: betweenNuls(String.raw`1\.[23]\.\d{1,2}(?:rc\d{1,2}|[a-z])?`) },
    ],
  },
];

function istioRules(): BinaryClassifier['rules'] {
  const version = String.raw`1\.\d{1,2}(?:\.\d{1,3})?(?:-(?:alpha|beta|rc|dev)[.\d]{0,6})?`;
  return [
    // Two versions in a row: the second is the one of the whole build.
    {
      pattern: new RegExp(
        String.raw`(?:^|[^\x20-\x7e])(?:go)?\d{1,2}\.\d[\w.-]{0,30}\x00{1,16}(?<version>${version})\x00`,
      ),
    },
    { pattern: goLinked(version) },
  ];
}
