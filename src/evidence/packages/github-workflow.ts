// SPDX-License-Identifier: Apache-2.0
// GitHub Actions workflows: the actions, reusable workflows and images that jobs and steps use.
import type { Document, JsonObject } from '../../formats/document.ts';
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { useAt, usesOfSteps } from '../package-facts/github-steps.ts';
import { packagesOfUses } from '../package-facts/github-uses.ts';
import { imagePackage, parseImageReference } from '../package-facts/image-reference.ts';
import { mergePackages } from '../package-facts/merge.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const githubWorkflow = defineCataloger({
  id: 'github-workflow',
  title: '.github/workflows/*.yml',
  ecosystems: ['github', 'docker'],
  kind: 'declared',
  files: ['**/.github/workflows/*.yml', '**/.github/workflows/*.yaml'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: [
      'what an action uses itself',
      'what a tag or branch points to at the moment',
      'the version behind a commit, except where a comment beside it names it',
    ],
  },
  parse,
});

function parse(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings' });
  const lines = text.split('\n');
  const packages: Package[] = [];
  for (const [name, value] of entriesOf(asObject(document.value)?.['jobs'])) {
    const job = asObject(value);
    if (job === undefined) continue;
    const called = useAt(document, job['uses'], ['jobs', name, 'uses'], { kind: 'reusable workflow', lines });
    const steps = usesOfSteps(document, job['steps'], ['jobs', name, 'steps'], lines);
    packages.push(
      ...packagesOfUses(called === undefined ? steps : [called, ...steps]),
      ...imagesOfJob(document, name, job),
    );
  }
  return { packages: mergePackages(packages), problems: [...encoding, ...document.problems] };
}

/** `container: image` or `container: {image}`, and the same for services. Expressions are passed over. */
function imagesOfJob(document: Document, name: string, job: JsonObject): Package[] {
  const places: (readonly [value: unknown, at: readonly string[]])[] = [
    [job['container'], ['jobs', name, 'container']],
  ];
  for (const [service, value] of entriesOf(job['services'])) places.push([value, ['jobs', name, 'services', service]]);
  return places.flatMap(([value, at]) => {
    const image = asString(value) ?? asString(asObject(value)?.['image']) ?? '';
    const reference = image === '' || image.includes('${{') ? undefined : parseImageReference(image);
    return reference === undefined ? [] : [imagePackage(reference, document.locate(at), 'build')];
  });
}
