// SPDX-License-Identifier: Apache-2.0
// Where advisories come from, under which terms, and whom to name: the attribution table. `Advisory.source` is a key of it.
// The terms are those each publisher states; NOTICE repeats them for the data that is shipped.

export interface AdvisorySource {
  readonly id: string;
  readonly title: string;
  /** SPDX expression, or words where none fits. */
  readonly license: string;
  readonly attribution: string;
  readonly homepage: string;
}

const ask = 'terms of the publisher';

function source(
  id: string,
  title: string,
  license: string,
  homepage: string,
  attribution: string = title,
): AdvisorySource {
  return { id, title, license, attribution, homepage };
}

const list: readonly AdvisorySource[] = [
  source('ghsa', 'GitHub Advisory Database', 'CC-BY-4.0', 'https://github.com/github/advisory-database'),
  source(
    'go',
    'Go Vulnerability Database',
    'CC-BY-4.0',
    'https://github.com/golang/vulndb',
    'Go Vulnerability Database, The Go Authors',
  ),
  source('pypa', 'Python Packaging Advisory Database', 'CC-BY-4.0', 'https://github.com/pypa/advisory-database'),
  source('rustsec', 'RustSec Advisory Database', 'CC0-1.0 AND CC-BY-4.0', 'https://github.com/RustSec/advisory-db'),
  source('rubysec', 'Ruby Advisory Database', 'public domain', 'https://github.com/rubysec/ruby-advisory-db'),
  source(
    'friendsofphp',
    'PHP Security Advisories Database',
    'Unlicense',
    'https://github.com/FriendsOfPHP/security-advisories',
  ),
  source(
    'roave',
    'Roave Security Advisories',
    'MIT',
    'https://github.com/Roave/SecurityAdvisories',
    'Copyright (c) 2014 Roave, LLC',
  ),
  source(
    'nodejs',
    'Node.js Security Working Group',
    'MIT',
    'https://github.com/nodejs/security-wg',
    'Copyright (c) Node.js Foundation',
  ),
  source(
    'retirejs',
    'Retire.js',
    'Apache-2.0',
    'https://github.com/RetireJS/retire.js',
    'Retire.js, Erlend Oftedal and contributors',
  ),
  source('bitnami', 'Bitnami Vulnerability Database', 'Apache-2.0', 'https://github.com/bitnami/vulndb'),
  source(
    'almalinux',
    'AlmaLinux errata',
    'MIT',
    'https://github.com/AlmaLinux/osv-database',
    'Copyright (c) 2023 AlmaLinux OS',
  ),
  source(
    'malicious-packages',
    'OpenSSF Malicious Packages',
    'Apache-2.0',
    'https://github.com/ossf/malicious-packages',
  ),
  source('oss-fuzz', 'OSS-Fuzz', 'CC-BY-4.0', 'https://github.com/google/oss-fuzz-vulns'),
  source('psf', 'Python Software Foundation Advisories', 'CC-BY-4.0', 'https://github.com/psf/advisory-database'),
  source('haskell', 'Haskell Security Advisories', 'CC0-1.0', 'https://github.com/haskell/security-advisories'),
  source(
    'rconsortium',
    'RConsortium Advisory Database',
    'Apache-2.0',
    'https://github.com/RConsortium/r-advisory-database',
  ),
  source('julia', 'Julia Security Advisories', ask, 'https://github.com/JuliaLang/SecurityAdvisories.jl'),
  source('ocaml', 'OCaml Security Advisories', 'CC0-1.0', 'https://github.com/ocaml/security-advisories'),
  source('erlang', 'Erlang Ecosystem Foundation Advisories', ask, 'https://cna.erlef.org'),
  source('curl', 'curl security advisories', ask, 'https://curl.se/docs/security.html'),
  source('gsd', 'Global Security Database', 'CC0-1.0', 'https://github.com/cloudsecurityalliance/gsd-database'),
  source('debian', 'Debian Security Tracker', ask, 'https://security-tracker.debian.org'),
  source(
    'debian-changelog',
    'Changelogs of Debian packages',
    'facts (CVE ids and package versions)',
    'https://www.debian.org/security/',
  ),
  source(
    'ubuntu',
    'Ubuntu Security',
    'CC-BY-SA-4.0',
    'https://github.com/canonical/ubuntu-security-notices',
    'Canonical Ltd.',
  ),
  source('alpine', 'Alpine Linux security database', ask, 'https://secdb.alpinelinux.org'),
  source(
    'rocky',
    'Rocky Linux errata',
    'BSD-3-Clause',
    'https://errata.rockylinux.org',
    'Rocky Enterprise Software Foundation',
  ),
  source('redhat', 'Red Hat Security Data', 'CC-BY-4.0', 'https://access.redhat.com/security', 'Red Hat, Inc.'),
  source('suse', 'SUSE security updates', 'CC-BY-4.0', 'https://www.suse.com/security', 'SUSE LLC'),
  source('openeuler', 'openEuler security advisories', ask, 'https://www.openeuler.org'),
  source('mageia', 'Mageia security advisories', ask, 'https://advisories.mageia.org'),
  source(
    'azure-linux',
    'Azure Linux vulnerability data',
    ask,
    'https://github.com/microsoft/AzureLinuxVulnerabilityData',
  ),
  source('chainguard', 'Chainguard and Wolfi advisories', ask, 'https://github.com/chainguard-dev/advisories'),
  source(
    'kev',
    'Known Exploited Vulnerabilities catalog',
    'CC0-1.0',
    'https://github.com/cisagov/kev-data',
    'Cybersecurity and Infrastructure Security Agency',
  ),
  source('epss', 'Exploit Prediction Scoring System', ask, 'https://www.first.org/epss', 'FIRST.org EPSS'),
  source(
    'nvd',
    'National Vulnerability Database',
    'public domain',
    'https://nvd.nist.gov',
    'This product uses data from the NVD but is not endorsed or certified by the NVD.',
  ),
  source('amazon', 'Amazon Linux Security Center', ask, 'https://alas.aws.amazon.com'),
  source('arch', 'Arch Linux security tracker', ask, 'https://security.archlinux.org'),
  source('echo', 'Echo security advisories', ask, 'https://www.echo.ai'),
  source('minimos', 'MinimOS security advisories', ask, 'https://www.minimus.io'),
  source('oracle', 'Oracle Linux errata', ask, 'https://linux.oracle.com/security'),
  source('rootio', 'Root.io advisories', ask, 'https://www.root.io'),
  source(
    'bottlerocket',
    'Bottlerocket security advisories',
    ask,
    'https://advisories.bottlerocket.aws',
    'Amazon Web Services',
  ),
  source('fedora', 'Fedora updates', ask, 'https://bodhi.fedoraproject.org', 'Fedora Project'),
  source('photon', 'Photon OS security advisories', ask, 'https://github.com/vmware/photon/wiki/Security-Advisories'),
  source('rapidfort', 'RapidFort security advisories', ask, 'https://github.com/rapidfort/security-advisories'),
  source('seal', 'Seal Security advisories', ask, 'https://www.sealsecurity.io'),
  source('trivy-db', "Trivy's vulnerability database", ask, 'https://github.com/aquasecurity/trivy-db'),
  source('local', 'Imported on this machine', ask, 'file:', 'whoever gave the data'),
];

/** All known sources by id. */
export const advisorySources: ReadonlyMap<string, AdvisorySource> = new Map(list.map((item) => [item.id, item]));

/** Beginnings of advisory ids in OSV records and the source that uses them; longer ones first. */
const sourceOfPrefix: readonly (readonly [prefix: string, source: string])[] = [
  ['UBUNTU-CVE-', 'ubuntu'],
  ['openSUSE-', 'suse'],
  ['CURL-CVE-', 'curl'],
  ['RUSTSEC-', 'rustsec'],
  ['DEBIAN-', 'debian'],
  ['ROOT-', 'rootio'],
  ['ALPINE-', 'alpine'],
  ['PYSEC-', 'pypa'],
  ['JLSEC-', 'julia'],
  ['GHSA-', 'ghsa'],
  ['RLSA-', 'rocky'],
  ['RXSA-', 'rocky'],
  ['RHSA-', 'redhat'],
  ['RHBA-', 'redhat'],
  ['RHEA-', 'redhat'],
  ['ALSA-', 'almalinux'],
  ['ALBA-', 'almalinux'],
  ['ALEA-', 'almalinux'],
  ['SUSE-', 'suse'],
  ['HSEC-', 'haskell'],
  ['RSEC-', 'rconsortium'],
  ['OSEC-', 'ocaml'],
  ['MGASA-', 'mageia'],
  ['OESA-', 'openeuler'],
  ['AZL-', 'azure-linux'],
  ['EEF-', 'erlang'],
  ['USN-', 'ubuntu'],
  ['LSN-', 'ubuntu'],
  ['DSA-', 'debian'],
  ['DLA-', 'debian'],
  ['DTSA-', 'debian'],
  ['BIT-', 'bitnami'],
  ['CGA-', 'chainguard'],
  ['MAL-', 'malicious-packages'],
  ['OSV-', 'oss-fuzz'],
  ['PSF-', 'psf'],
  ['GSD-', 'gsd'],
  ['GO-', 'go'],
];

/** Distributions whose OSV records carry plain CVE ids. */
const sourceOfDistribution: ReadonlyMap<string, string> = new Map([
  ['Alpine', 'alpine'],
  ['Debian', 'debian'],
  ['Ubuntu', 'ubuntu'],
]);

/** Source of the distribution or registry that a supplier patches: `alpine` for `Root:Alpine:v3.19`. Undefined for what no supplier made, and where the original has no source of its own. */
export function sourceOfOriginal(ecosystem: string): string | undefined {
  const [supplier = '', original = ''] = ecosystem.split(':');
  if (!supplierPrefixes.has(supplier)) return undefined;
  return original === 'Red Hat' ? 'redhat' : sourceOfDistribution.get(original);
}

/** In front of the ecosystems of those who publish patched packages of others (suppliers.ts). */
const supplierPrefixes: ReadonlySet<string> = new Set(['Root', 'Seal', 'RapidFort']);

/** Source of an OSV record: by its id, else by the distribution it speaks of; `fallback` when neither tells. */
export function sourceOfRecord(id: string, ecosystem: string, fallback: string): string {
  const known = sourceOfPrefix.find(([prefix]) => id.startsWith(prefix));
  return known?.[1] ?? sourceOfDistribution.get(ecosystem.split(':')[0] ?? '') ?? fallback;
}
