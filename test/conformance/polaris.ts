// SPDX-License-Identifier: Apache-2.0
// Polaris' own cases: one check over one file that must pass or fail, the file its automatic fix must give, and objects that its webhook lets in or not.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkManifests } from '../../src/evidence/misconfiguration/check-manifests.ts';
import { manifestChecks } from '../../src/evidence/misconfiguration/checks/index.ts';
import { fixManifests } from '../../src/evidence/misconfiguration/fix-manifests.ts';
import type { ManifestCheck } from '../../src/evidence/misconfiguration/manifest-check.ts';
import { polarisChecks } from '../../src/evidence/misconfiguration/polaris/configured-checks.ts';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../src/formats/kubernetes-yaml/resources.ts';
import type { PolarisConfig } from '../../src/formats/polaris-config.ts';
import { emptyPolarisConfig, readPolarisCheck } from '../../src/formats/polaris-config.ts';
import { parseYamlDocument } from '../../src/formats/yaml.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { expectEqual, failed, passed } from './pack.ts';

export const polarisPack: ConformancePack = {
  name: 'polaris',
  cases: (root) => [...checkCases(root), ...webhookCases(root)],
};

function checkCases(root: string): readonly ConformanceCase[] {
  const folder = join(root, 'checks');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((check) =>
      readdirSync(join(folder, check))
        .filter((file) => /^(?:success|failure|mutated).*\.yaml$/.test(file))
        .sort()
        .map((file): ConformanceCase => {
          const place = { folder: join(folder, check), file };
          const run = file.startsWith('mutated') ? () => runMutated(check, place) : () => runCheck(check, place);
          return { id: `${check}/${file}`, run };
        }),
    );
}

interface Place {
  readonly folder: string;
  readonly file: string;
}

function runCheck(check: string, { folder, file }: Place): CaseResult {
  const checks = configured(check, folder);
  if (checks === undefined) return failed('a check', 'not known');
  const expected = file.startsWith('success') ? 'pass' : 'fail';
  const faults = faultsOf(checks, readFileSync(join(folder, file), 'utf8'), file);
  const isAsExpected = (faults.length === 0 ? 'pass' : 'fail') === expected;
  return isAsExpected && !faults.some(({ outcome }) => outcome === 'error') ? passed : failed(expected, faults);
}

/** The file must come out as that one, read as YAML. */
function runMutated(check: string, { folder, file }: Place): CaseResult {
  const checks = configured(check, folder);
  const input = join(folder, file.replace('mutated', 'failure'));
  if (checks === undefined || !existsSync(input)) return failed('a check and its input', input);
  const text = readFileSync(input, 'utf8');
  const fixed = fixManifests([{ path: file, text }], { checks }).files[0]?.text ?? text;
  const wanted = readFileSync(join(folder, file), 'utf8');
  return expectEqual(valuesOf(wanted), valuesOf(fixed));
}

function valuesOf(text: string): readonly unknown[] {
  return parseKubernetesYaml(text, 'file.yaml').map(({ value }) => value);
}

/** Only one check runs; a file beside the cases may define it. */
function configured(check: string, folder: string): readonly ManifestCheck[] | undefined {
  const file = join(folder, 'check.yaml');
  const written = existsSync(file) ? parseYamlDocument(readFileSync(file, 'utf8'), file).value : undefined;
  const custom = written === undefined ? undefined : readPolarisCheck(check, written);
  const config: PolarisConfig = {
    ...emptyPolarisConfig,
    checks: { [check]: 'danger' },
    customChecks: custom === undefined ? [] : [custom],
    mutations: [check],
  };
  const { checks, problems } = polarisChecks(config, { known: manifestChecks, path: file });
  return problems.length > 0 ? undefined : checks;
}

function faultsOf(checks: readonly ManifestCheck[], text: string, path: string) {
  const { resources } = resourcesOf(parseKubernetesYaml(text, path));
  return checkManifests(resources, { checks, profile: 'polaris', subject: 'tree', evidence: [] })
    .filter(({ outcome, suppressed }) => (outcome === 'fail' || outcome === 'error') && suppressed === undefined)
    .map(({ outcome, message, severity }) => ({ outcome, message, severity }));
}

/** The default configuration; something dangerous keeps an object out. */
function webhookCases(root: string): readonly ConformanceCase[] {
  const folder = join(root, 'webhook_cases');
  if (!existsSync(folder)) return [];
  const { checks } = polarisChecks(emptyPolarisConfig, { known: manifestChecks, path: 'default' });
  return readdirSync(folder)
    .filter((file) => /^(?:passing|failing)_/.test(file))
    .sort()
    .map(
      (file): ConformanceCase => ({
        id: `webhook_cases/${file}`,
        run: () => {
          const faults = faultsOf(checks, readFileSync(join(folder, file), 'utf8'), file);
          const dangers = faults.filter(({ severity }) => severity === 'high');
          const isDenied = dangers.length > 0;
          return isDenied === file.startsWith('failing')
            ? passed
            : failed(file.startsWith('failing') ? 'denied' : 'admitted', dangers);
        },
      }),
    );
}
