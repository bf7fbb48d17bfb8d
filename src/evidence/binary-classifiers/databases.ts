// SPDX-License-Identifier: Apache-2.0
// Database servers and clients.
import type { BinaryClassifier } from './classifier.ts';
import { betweenNuls, generic } from './classifier.ts';

const mysqlCluster = generic('mysql-cluster', 'oracle:mysql_cluster');
const clusterRules = [
  { near: 'mysql-cluster-gpl-', pattern: /mysql-cluster-gpl-(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/ },
  { near: 'ndb-', pattern: /ndb-(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/ },
];

export const databases: readonly BinaryClassifier[] = [
  {
    id: 'arangodb',
    files: ['**/arangosh', '**/arangod'],
    product: generic('arangodb', 'arangodb:arangodb'),
    rules: [
      {
        near: '[linux]',
        pattern: /(?<version>\d{1,2}\.\d{1,3}\.\d{1,3}(?:-\d{1,3})?) (?:enterprise )?\[linux\]/,
      },
    ],
  },
  {
    id: 'postgresql',
    files: ['**/postgres'],
    product: generic('postgresql', 'postgresql:postgresql'),
    rules: [
      {
        near: 'PostgreSQL ',
        pattern: /PostgreSQL (?<version>\d{1,2}(?:\.\d{1,3}){0,2}(?:(?:alpha|beta|rc|devel)\d{0,2})?)(?=[ \0])/,
      },
    ],
  },
  {
    id: 'mysql',
    files: ['**/mysql'],
    product: generic('mysql', 'oracle:mysql'),
    rules: [
      {
        near: 'percona-server-',
        pattern: /percona-server-(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/,
        product: generic('percona-server', 'oracle:mysql', 'percona:percona_server'),
      },
      {
        near: 'XtraDB-Cluster-',
        pattern: /XtraDB-Cluster-(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/,
        product: generic('percona-xtradb-cluster', 'oracle:mysql', 'percona:percona_server', 'percona:xtradb_cluster'),
      },
      { near: '/mysql-', pattern: /\/mysql-(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/ },
      { near: 'mysql_real_escape_string', pattern: betweenNuls(String.raw`[4-9]\.\d{1,2}\.\d{1,3}`) },
      { pattern: betweenNuls(String.raw`[4-9]\.\d{1,2}\.\d{1,3}`) },
    ],
  },
  {
    id: 'mysql-server',
    files: ['**/mysqld'],
    product: generic('mysql-server', 'oracle:mysql', 'oracle:mysql_server'),
    rules: [
      { near: 'mysql-cluster-gpl-', pattern: clusterRules[0]?.pattern ?? /^$/, product: mysqlCluster },
      {
        near: '-ndb-',
        pattern: /\0(?<server>\d{1,2}\.\d{1,2}\.\d{1,3})-ndb-(?<cluster>\d{1,2}\.\d{1,2}\.\d{1,3})/,
        products: { server: generic('mysql-server', 'oracle:mysql', 'oracle:mysql_server'), cluster: mysqlCluster },
      },
      { near: '/mysql-', pattern: /\/mysql-(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/ },
    ],
  },
  { id: 'mysql-cluster', files: ['**/{ndbd,ndbmtd,ndb_mgmd,ndb_mgm}'], product: mysqlCluster, rules: clusterRules },
  {
    id: 'percona-xtrabackup',
    files: ['**/xtrabackup'],
    product: generic('percona-xtrabackup', 'percona:xtrabackup'),
    rules: [{ near: 'percona-xtrabackup-', pattern: /percona-xtrabackup-(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})-/ }],
  },
  {
    id: 'mariadb',
    files: ['**/{mariadb,mariadbd,mysqld}'],
    product: generic('mariadb', 'mariadb:mariadb'),
    rules: [
      { near: '-MariaDB', pattern: /(?:^|[^\d.])(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})-MariaDB/ },
      { near: '/mariadb-', pattern: /\/mariadb-(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/ },
    ],
  },
  {
    id: 'mongodb',
    files: ['**/{mongod,mongos}'],
    product: generic('mongodb', 'mongodb:mongodb'),
    rules: [
      { near: 'tcmalloc\0mozjs', pattern: betweenNuls(String.raw`\d{1,2}\.\d{1,2}\.\d{1,3}(?:-rc\d{1,2})?`) },
      { near: '\0heap_size\0', reach: 24, pattern: betweenNuls(String.raw`\d{1,2}\.\d{1,2}\.\d{1,3}(?:-rc\d{1,2})?`) },
      { pattern: betweenNuls(String.raw`[3-9]\.\d\.\d{1,3}(?:-rc\d{1,2})?`) },
    ],
  },
  {
    id: 'redis',
    files: ['**/redis-server', '**/redis-cli'],
    product: generic('redis', 'redislabs:redis', 'redis:redis'),
    rules: [
      { near: 'Redis version ', pattern: /Redis version (?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/ },
      // The build id: version, host, dash, time, "dirty" flag and commit of eight digits run together. Hosts of build
      // containers are twelve hexadecimal digits, others begin with a letter.
      {
        near: '0000000',
        pattern:
          /(?:^|[^\d.])(?<version>\d{1,2}\.\d{1,2}\.\d{1,3}?)(?:[0-9a-f]{12}|[A-Za-z][\w.-]{0,60})-\d{9,10}[01][0-9a-f]{8}/,
      },
      {
        pattern:
          /(?:^|[^\d.])(?<version>\d{1,2}\.\d{1,2}\.\d{1,3}?)(?:[0-9a-f]{12}|[A-Za-z][\w.-]{0,60})-\d{10}[01][0-9a-f]{8}\0/,
      },
    ],
  },
  {
    id: 'valkey',
    files: ['**/valkey-server', '**/valkey-cli'],
    product: generic('valkey', 'lfprojects:valkey', 'linuxfoundation:valkey'),
    rules: [
      {
        near: 'valkey',
        pattern: /valkey(?<version>\d{1,2}\.\d{1,2}\.\d{1,3}?)(?:[0-9a-f]{12}|[A-Za-z][\w.-]{0,60})-\d{9,10}/,
      },
    ],
  },
  {
    id: 'memcached',
    files: ['**/memcached'],
    product: generic('memcached', 'memcached:memcached'),
    rules: [{ near: 'memcached ', pattern: /memcached (?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/ }],
  },
  {
    id: 'sqlcipher',
    files: ['**/sqlcipher'],
    product: generic('sqlcipher', 'zetetic:sqlcipher'),
    rules: [{ near: '\0community\0', pattern: /\0community\0{1,8}(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})\0/ }],
  },
  {
    id: 'openldap',
    files: ['**/{ldapsearch,ldapmodify,slapd}'],
    product: generic('openldap', 'openldap:openldap'),
    rules: [
      { near: 'OpenLDAP: ', pattern: /OpenLDAP: [\w -]{1,30} (?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/ },
      { near: '/openldap-', pattern: /\/openldap-(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/ },
    ],
  },
];
