// SPDX-License-Identifier: Apache-2.0
// Which catalogers answer for Syft's tests of Python and Conda. How keys are read stands in mapping.ts.
import { asObject } from '../../../src/formats/document.ts';
import type { Package } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { CatalogerMapping, CheckContext } from './cataloger-mapping.ts';
import { besidePythonRecord, checkRecord, pythonRecordPath } from './checks-files.ts';
import type { Row } from './fixture.ts';
import { checkRegistryAnswer } from './registry.ts';
import { checkPdmEntry, checkPythonMetadata, checkSpecifications } from './tables-python.ts';

export const pythonMapping: Readonly<Record<string, CatalogerMapping>> = {
  // Python, Conda
  'python/cataloger#Test_InstalledPackageCataloger': {
    catalogers: ['python-installed'],
    folder: 'own name',
    statedAs: withLicenseField,
  },
  'python/cataloger#Test_PackageCataloger_Relationships': { catalogers: ['poetry-lock', 'uv-lock', 'pdm-lock'] },
  'python/cataloger#Test_PackageCataloger_SitePackageRelationships': {
    outside: 'its fixture is a container image that is built from a Dockerfile with packages from a registry',
  },
  'python/dependency#Test_poetryLockDependencySpecifier_againstPoetryLock': {
    catalogers: ['poetry-lock'],
    check: checkSpecifications,
  },
  'python/license#TestGetLicenseFromPypiRegistry': { answer: checkRegistryAnswer },
  'python/parse_pdm_lock#TestParsePdmLockWithLicenseEnrichment': { catalogers: ['pdm-lock'], registry: 'pypi' },
  'python/parse_pipfile_lock#TestParsePipfileLockWithLicenseEnrichment': {
    catalogers: ['pipfile-lock'],
    registry: 'pypi',
  },
  'python/parse_poetry_lock#TestParsePoetryLockWithLicenseEnrichment': {
    catalogers: ['poetry-lock'],
    registry: 'pypi',
  },
  'python/parse_requirements#TestParseRequirementsTxtWithLicenseEnrichment': {
    catalogers: ['python-requirements'],
    registry: 'pypi',
  },
  'python/parse_setup#TestParseSetupFileWithLicenseEnrichment': { catalogers: ['setup-py'], registry: 'pypi' },
  'python/parse_uv_lock#TestParseUvLockWithLicenseEnrichment': { catalogers: ['uv-lock'], registry: 'pypi' },
  'python/parse_pdm_lock': { catalogers: ['pdm-lock'], check: checkPdmEntry },
  'python/parse_pipfile_lock': { catalogers: ['pipfile-lock'] },
  'python/parse_poetry_lock': { catalogers: ['poetry-lock'] },
  'python/parse_requirements': { catalogers: ['python-requirements'], presentAs: 'requirements.txt' },
  'python/parse_setup': { catalogers: ['setup-py'], presentAs: 'setup.py' },
  'python/parse_uv_lock': { catalogers: ['uv-lock'] },
  'python/parse_wheel_egg_metadata#TestParseWheelEggMetadata': {
    catalogers: ['python-installed'],
    presentAs: 'site-packages/x.egg-info/PKG-INFO',
    check: checkPythonMetadata,
  },
  'python/parse_wheel_egg_record': {
    catalogers: ['python-installed'],
    presentAs: pythonRecordPath,
    alongside: besidePythonRecord,
    check: checkRecord,
  },
  'python/virtual_env': { catalogers: ['python-environment'], presentAs: 'venv/pyvenv.cfg', check: checkEnvironment },
  'conda/cataloger': { catalogers: ['conda-meta'] },
};

/** Syft prefers the free text of the License field to classifiers; it stands in our facts. */
function withLicenseField(item: Package): Package {
  const license = item.facts?.other?.['license'];
  return license === undefined ? item : { ...item, licenses: [license] };
}

/** `Location` is where the test says that the file lies. */
function checkEnvironment(row: Row, context: CheckContext): CaseResult {
  const want = asObject(row['want']);
  const [item] = context.packages;
  return expectEqual(
    [want?.['Version'], want?.['IncludeSystemSitePackages'] === true ? 'yes' : 'no'],
    [item?.version, item?.facts?.other?.['systemPackages']],
  );
}
