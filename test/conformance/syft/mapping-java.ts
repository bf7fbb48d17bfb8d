// SPDX-License-Identifier: Apache-2.0
// Which catalogers answer for Syft's tests of Java and .NET. How keys are read stands in mapping.ts.

import type { CaseResult } from '../pack.ts';
import type { CatalogerMapping } from './cataloger-mapping.ts';
import { javaManifest, mavenLicenses, mavenRepository } from './checks-java.ts';
import type { Row } from './fixture.ts';

export const javaMapping: Readonly<Record<string, CatalogerMapping>> = {
  // Java
  'java/cataloger#TestJvmDistributionCataloger': { catalogers: ['java-runtime'] },
  'java/cataloger#TestJvmDistributionCatalogerFromFile': {
    catalogers: ['java-runtime'],
    presentAs: 'jvm/scanned/release',
  },
  'java/parse_java_manifest': { check: javaManifest },
  'java/parse_pom_xml#Test_resolveLicenses': {
    catalogers: ['maven-pom'],
    alongside: mavenRepository,
    check: mavenLicenses,
  },
  'java/parse_gradle_lockfile': { catalogers: ['gradle-lockfile'], presentAs: 'gradle.lockfile' },
  'java/parse_pom_xml': { catalogers: ['maven-pom'], alongside: mavenRepository },
  'java/archive_parser#TestSearchMavenForLicenses': {
    outside: 'the archives are built while the test runs; not in the pack',
  },
  'java/archive_parser#Test_parseJavaArchive_regressions': {
    outside: 'the archives are built while the test runs; not in the pack',
  },
  'java/parse_pom_xml#Test_parseCommonsTextPomXMLProject': {
    catalogers: ['maven-pom'],
    alongside: mavenRepository,
    check: unstatedByPack,
  },
  'java/archive_parser': { catalogers: ['java-archive'] },

  // .NET
  'dotnet/cataloger': { catalogers: ['dotnet-deps'] },
  'dotnet/parse_packages_lock': { catalogers: ['nuget-lock'], presentAs: 'packages.lock.json' },
};

/** Upstream makes the expected packages with a function of the test, so that the pack cannot state them. */
function unstatedByPack(row: Row): CaseResult | undefined {
  const isCall = row['expected'] !== null && typeof row['expected'] === 'object' && 'call' in row['expected'];
  return isCall
    ? { outcome: 'skipped', reason: 'what is expected is a function of the test; not in the pack' }
    : undefined;
}
