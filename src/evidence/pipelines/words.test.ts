// SPDX-License-Identifier: Apache-2.0
// The tables of words and patterns: tools, releases, names of secrets, images, outsiders' text.
import { describe, expect, it } from 'vitest';
import { buildToolsIn } from './build-tools.ts';
import { imagesPushedBy, onlyFitting, sameRepository } from './map/image-names.ts';
import { stepName } from './map/job-control.ts';
import type { Job, Pipeline, Step } from './pipeline.ts';
import { deploys, proves, publishes } from './release-steps.ts';
import { cloudOfKey, isLiteralSecret, isSecretName, shellVariables } from './secret-names.ts';
import { untrustedInputs } from './untrusted-input.ts';

const location = { path: 'x', line: 1 };

function step(text: string): Step {
  return {
    index: 0,
    location,
    script: { text, location, language: 'shell' },
    variables: [],
    secrets: [],
    artifacts: [],
    caches: [],
  };
}

describe('build tools', () => {
  it.each([
    ['npm ci', 'npm'],
    ['  ./gradlew build', 'gradle'],
    ['cd app && make test', 'make'],
    ['bash scripts/build.sh', 'bash'],
    ['chmod +x run', 'chmod'],
    ['chmod 755 run', 'chmod'],
    ['python3 setup.py install', 'python'],
    ['pre-commit run -a', 'pre-commit'],
    ['echo remake it; cmake-lint', ''],
    ['echo npm', ''],
    ['chmod 644 file', ''],
  ])('%s', (script, tools) => {
    expect(buildToolsIn(script).join(' ')).toBe(tools);
  });
});

describe('steps that release', () => {
  it.each([
    'npm publish --access public',
    'docker push registry.example.com/a:1',
    'docker buildx build -t a --push .',
    'gh release create v1',
    'twine upload dist/*',
  ])('%s publishes', (text) => {
    expect(publishes(step(text))).toBe(true);
  });

  it.each(['kubectl -n shop apply -f deploy/', 'helm upgrade --install shop ./chart', 'terraform apply -auto-approve'])(
    '%s deploys',
    (text) => {
      expect(deploys(step(text))).toBe(true);
    },
  );

  it.each(['docker build .', 'goreleaser release --snapshot', 'kubectl get pods', 'npm run publisher'])(
    '%s does neither',
    (text) => {
      expect([publishes(step(text)), deploys(step(text))]).toEqual([false, false]);
    },
  );

  it('tells signing and provenance', () => {
    expect(
      ['cosign sign --yes x', 'npm publish --provenance', 'landwaiter attest x', 'echo signed'].map((text) =>
        proves(step(text)),
      ),
    ).toEqual([true, true, true, false]);
  });
});

describe('names of secrets', () => {
  it.each([
    ['DEPLOY_TOKEN', true],
    ['npmAuthToken', true],
    ['DB_PASSWORD', true],
    ['SIGNING_KEY', true],
    ['AWS_SECRET_ACCESS_KEY', true],
    ['PUBLIC_KEY', false],
    ['SECRET_NAME', false],
    ['TOKEN_URL', false],
    ['COMPASS', false],
    ['MONKEY', false],
    ['secrets', false],
  ])('%s is %s', (name, expected) => {
    expect(isSecretName(name)).toBe(expected);
  });

  it('tell values that are written out', () => {
    expect(
      ['s3cr3t-v4lue', '$TOKEN', '${{ secrets.X }}', 'changeme', 'true', '', '<token>'].map(isLiteralSecret),
    ).toEqual([true, false, false, false, false, false, false]);
  });

  it('tell the keys of clouds', () => {
    expect(['AWS_SECRET_ACCESS_KEY', 'AZURE_CLIENT_SECRET', 'GCP_SA_KEY', 'GITHUB_TOKEN'].map(cloudOfKey)).toEqual([
      'AWS',
      'Azure',
      'Google Cloud',
      undefined,
    ]);
  });

  it('are read from shell text once each', () => {
    expect(shellVariables('a $X ${Y:-1} $X \\$5')).toEqual(['X', 'Y']);
  });
});

describe('text of outsiders', () => {
  it.each([
    ['echo ${{ github.event.pull_request.title }}', ['github.event.pull_request.title']],
    ["echo ${{ format('{0}', github.head_ref) }}", ['github.head_ref']],
    ["echo ${{ github.event['comment'].body || 'x' }}", ['github.event.comment.body']],
    ['echo ${{ github.event.commits[0].author.name }}', ['github.event.commits.*.author.name']],
    ["echo ${{ github.head_ref == 'main' }} ${{ contains(github.event.issue.body, 'x') }}", []],
    ['echo ${{ fromJSON(github.event.issue.body).name }} ${{ !github.head_ref }}', ['github.event.issue.body']],
    ['echo ${{ join(github.event.commits.*.message) }}', ['github.event.commits.*.message']],
    [
      'echo ${{ github.event.inputs.name }} ${{ github.event.client_payload.a.b }}',
      ['github.event.inputs.name', 'github.event.client_payload.a.b'],
    ],
    ['echo ${{ github.sha }} $TITLE', []],
  ])('%s', (text, sources) => {
    expect(untrustedInputs('github-actions', { text, location, language: 'shell' })).toEqual(sources);
  });
});

describe('names of steps', () => {
  it('show the first command without what looks like a secret', () => {
    expect(stepName(step('# log in\ndocker login -u ci -p s3cr3tvalue registry.example.com'))).toBe(
      'docker login -u ci -p *** registry.example.com',
    );
    expect(stepName(step('deploy --token=$TOKEN'))).toBe('deploy --token=$TOKEN');
  });
});

describe('images', () => {
  const job = { variables: [{ name: 'REPO', value: 'shop/checkout', location }] } as unknown as Job;
  const pipeline = { variables: [{ name: 'HOST', value: 'registry.example.com', location }] } as unknown as Pipeline;
  const pushed = (text: string): readonly string[] =>
    imagesPushedBy(step(text), job, pipeline).map(({ repository, tag }) => `${repository} ${tag ?? ''}`.trim());

  it('are named with the variables of the file', () => {
    expect(pushed('docker push "$HOST/$REPO:${TAG}"')).toEqual(['registry.example.com/shop/checkout *']);
    expect(pushed('docker build -t $HOST/a:1 -t $HOST/a:latest --push .')).toEqual([
      'registry.example.com/a 1',
      'registry.example.com/a latest',
    ]);
    expect(pushed('/kaniko/executor --context . --destination=$HOST/b:2')).toEqual(['registry.example.com/b 2']);
    expect(pushed('docker push $UNKNOWN')).toEqual([]);
  });

  it('are named as written where a part is not known, and take what the script sets', () => {
    const [own] = imagesPushedBy(step('docker push "$CI_REGISTRY_IMAGE:$TAG"'), job, pipeline);

    expect([own?.repository, own?.label]).toEqual(['registry.*/*', '$CI_REGISTRY_IMAGE:$TAG']);
    expect(pushed('IMAGE=r.example/a/b\ndocker push $IMAGE:1')).toEqual(['r.example/a/b 1']);
  });

  it('fit one repository of the workloads, or none', () => {
    expect(onlyFitting('ghcr.io/*', ['ghcr.io/shop/web', 'docker.io/x', 'ghcr.io/shop/web'])).toBe('ghcr.io/shop/web');
    expect(onlyFitting('ghcr.io/*', ['ghcr.io/shop/web', 'ghcr.io/other/web'])).toBeUndefined();
    expect(onlyFitting('*', ['a/b'])).toBeUndefined();
  });

  it('are the same repository where what is not known may be anything', () => {
    expect([
      sameRepository('r.example/a/b', 'r.example/a/b'),
      sameRepository('r.example/*/b', 'r.example/a/b'),
      sameRepository('*/b', 'r.example/a/c'),
      sameRepository('x/b', 'y/b'),
    ]).toEqual([true, true, false, false]);
  });
});
