// SPDX-License-Identifier: Apache-2.0
// action.yml of a GitHub action: what the steps of a composite action use, and the image of a container action.
import { asObject, asString } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import type { SourceFile } from '../../sources/source.ts';
import { useAt, usesOfSteps } from '../package-facts/github-steps.ts';
import { packagesOfUses } from '../package-facts/github-uses.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const githubCompositeAction = defineCataloger({
  id: 'github-composite-action',
  title: 'action.yml of composite and container actions',
  ecosystems: ['github', 'docker'],
  kind: 'declared',
  files: ['**/action.yml', '**/action.yaml'],
  except: ['**/node_modules/**'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['what the actions of the steps use themselves', 'code of JavaScript actions'],
  },
  parse,
});

function parse(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings' });
  const runs = asObject(asObject(document.value)?.['runs']);
  // Other programs have files of this name; only one that looks like an action counts when it is broken.
  const problems = [...encoding, ...(/^runs\s{0,8}:/m.test(text) ? document.problems : [])];
  if (runs === undefined) return { packages: [], problems };
  const lines = text.split('\n');
  const steps = usesOfSteps(document, runs['steps'], ['runs', 'steps'], lines);
  const isImage = asString(runs['image'])?.startsWith('docker://') === true;
  const image = isImage ? useAt(document, runs['image'], ['runs', 'image'], { kind: 'action', lines }) : undefined;
  return { packages: packagesOfUses(image === undefined ? steps : [...steps, image]), problems };
}
