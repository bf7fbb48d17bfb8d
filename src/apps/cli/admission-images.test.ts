// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { makeSigstore, trustedRootJson } from '../../../test/support/signing/sigstore.ts';
import { systemClock } from '../../io/clock.ts';
import { createLogger } from '../../io/log.ts';
import { noData } from '../../policy/data-provider.ts';
import { Asking } from '../server/admission/asking/asking.ts';
import { admissionImages } from './admission-images.ts';
import { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

const policy = `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: signed }
spec:
  validationFailureAction: Enforce
  rules:
    - name: signed
      match: { any: [{ resources: { kinds: [Pod] } }] }
      verifyImages: [{ imageReferences: ['*'], attestors: [{ entries: [{ keyless: { subject: a, issuer: b } }] }] }]
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landwaiter-images-'));
  writeFileSync(join(folder, 'policy.yaml'), policy);
  writeRoot('root.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeRoot(name: string): void {
  writeFileSync(join(folder, name), JSON.stringify(trustedRootJson(makeSigstore())));
}

describe('admission serve', () => {
  const serve = (...words: string[]): ReturnType<typeof runCommand> =>
    runCommand(['admission', 'serve', '--policies', 'policy.yaml', '--listen', '127.0.0.1:0', ...words], {
      cwd: folder,
    });

  test.each([
    [['--trusted-root', 'none.json'], 'none.json'],
    [['--trusted-root', 'policy.yaml'], 'trust root'],
    [['--image-budget', '0'], '--image-budget takes seconds'],
    [['--pull-secrets'], 'cluster'],
  ])('does not start with %j', async (words, said) => {
    const { status, stderr } = await serve(...words);

    expect(status).toBeGreaterThan(1);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('the webhook listens');
  });

  test('does not start with a configuration of registries that it cannot read', async () => {
    writeFileSync(join(folder, 'registries.conf'), 'this = is [ none');

    const { status, stderr } = await runCommand(
      ['admission', 'serve', '--policies', 'policy.yaml', '--listen', '127.0.0.1:0'],
      { cwd: folder, environment: { CONTAINERS_REGISTRIES_CONF: join(folder, 'registries.conf') } },
    );

    expect(status).toBeGreaterThan(1);
    expect(stderr).toContain('registries.conf');
  });
});

test('another trust root is taken up while the webhook runs, and one that cannot be read is not', () => {
  const lines: string[] = [];
  const log = createLogger({ write: (text) => lines.push(text), format: 'text', level: 'info', now: () => 0 });
  // Only what the images of the webhook read of a context.
  const context = { environment: {}, cwd: folder, clock: systemClock, log } as unknown as CommandContext;
  const values = new FlagValues(new Map([['trusted-root', ['root.json']]]));
  const asking = new Asking({ waiting: 1, atOnce: 1, report: () => undefined });
  const images = admissionImages(context, values, { asking, client: undefined });

  images.lookAgain();
  expect(lines).toEqual([]);
  writeFileSync(join(folder, 'root.json'), '{');
  images.lookAgain();
  writeRoot('root.json');
  images.lookAgain();
  images.lookAgain();

  expect(lines.map((line) => /(not taken|in use)/.exec(line)?.[1])).toEqual(['not taken', 'in use']);
  const data = { cluster: { objects: () => [], namespace: () => undefined }, provider: noData };
  const { provider } = images.withImages(data);
  expect(provider).toHaveProperty('imageSignature');
  expect(provider).not.toHaveProperty('pullCredentials');
  expect(images.metrics().join('\n')).toContain('landwaiter_image_lookups_total 0');
  images.close();
});
