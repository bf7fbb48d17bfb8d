// SPDX-License-Identifier: Apache-2.0
// `sign` and `attest` on images: resolves each name once, says what will be signed and by whom, signs, and tells where the proof went.
import { resolve } from 'node:path';
import { registryStore } from '../../io/registry/client.ts';
import { openLayoutWriter } from '../../io/registry/layout-writer.ts';
import { openOciDirectory } from '../../io/registry/oci-layout.ts';
import type { WritableStore } from '../../io/registry/writable-store.ts';
import { writableRepository } from '../../io/registry/writable-store.ts';
import type { Digest } from '../../model/digest.ts';
import { splitReference } from '../images/open-image.ts';
import type { ProofSubject } from '../signatures/attachment.ts';
import { withCosignTags } from '../signatures/cosign-layout.ts';
import { makeProof } from '../signatures/make-proof.ts';
import type { ImageClaim } from '../signatures/sign-image.ts';
import { checkLayout, contentFor, imagesToSign, publishProof } from '../signatures/sign-image.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { plainOutput } from './outputs.ts';
import { proofRepositoryOf, referenceOf, registryClientOf } from './proof-place.ts';
import type { SigningPlan, SigningSession } from './signing.ts';
import { layoutOf, logLines, openSession, planSigning, writeProofFiles } from './signing.ts';
import { usage } from './usage.ts';

export interface ImageSigningRequest {
  readonly command: 'sign' | 'attest';
  readonly operands: readonly string[];
  /** Made when the digest is known, so that a statement can be held against it. */
  readonly claimFor: (digest: Digest) => ImageClaim;
}

interface SignedImage {
  readonly image: string;
  readonly digest: Digest;
  /** Digest of the manifest that holds the proof; undefined when nothing was written. */
  readonly proof: Digest | undefined;
  readonly signer: string;
  readonly log: readonly string[];
  readonly files: readonly string[];
}

interface ImageToSign {
  readonly name: string;
  readonly subject: ProofSubject;
}

/** Returns the exit status. */
export async function signImages(
  context: CommandContext,
  values: FlagValues,
  request: ImageSigningRequest,
): Promise<number> {
  const { command, operands } = request;
  if (operands.length === 0)
    throw usage(
      `${command} takes the names of images`,
      `landwaiter ${command} --key cosign.key registry.example/app@sha256:…`,
    );
  const plan = planSigning(context, values);
  const layout = layoutOf(values);
  checkLayout(layout, plan.services.logs, plan.services.timestampAuthorities.length);
  if (values.isSet('replace') && layout === 'bundle')
    throw usage(
      '--replace works on the older layout only',
      'add --legacy; bundles are separate artifacts, which a registry deletes',
    );
  const client = registryClientOf(context, values);
  try {
    const work: { readonly operand: string; readonly images: readonly ImageToSign[] }[] = [];
    for (const operand of operands)
      work.push({ operand, images: await resolveImages(context, values, { client, operand }) });
    const images = work.flatMap((item) => item.images);
    if (images.length > 1 && fileFlags.some((flag) => values.text(flag) !== undefined))
      throw usage(`${images.length} images are signed; files can be written for one only`);
    if (values.isSet('dry-run')) return describePlan(context, values, { plan, work, layout });
    const session = await openSession(context, values, plan);
    try {
      const done: SignedImage[] = [];
      for (const { operand, images: found } of work) {
        const store = proofStore(context, client, operand);
        for (const image of found)
          done.push(await signOne(context, values, { request, image, session, plan, store, layout }));
      }
      report(context, values, { command, done });
    } finally {
      session.close();
    }
    return 0;
  } finally {
    client.close();
  }
}

/** Where the proof is hung: in the repository for it, or in the layout that holds the image. */
function proofStore(
  context: CommandContext,
  client: ReturnType<typeof registryClientOf>,
  operand: string,
): WritableStore {
  const layout = layoutPath(context, operand);
  if (layout !== undefined) return openLayoutWriter(layout.path);
  return writableRepository(client, proofRepositoryOf(context, referenceOf(operand.replace(/^image:/, ''))));
}

/** `oci-dir:PATH[:NAME]`. Throws USAGE for an archive, which nothing can be added to. */
function layoutPath(
  { cwd }: CommandContext,
  operand: string,
): { readonly path: string; readonly name: string | undefined } | undefined {
  if (operand.startsWith('oci-archive:'))
    throw usage('an archive cannot be written to', 'unpack it, and name the folder: oci-dir:FOLDER');
  if (!operand.startsWith('oci-dir:')) return undefined;
  const { path, reference } = splitReference(operand.slice('oci-dir:'.length), cwd);
  return { path: resolve(cwd, path), name: reference };
}

const fileFlags = ['bundle', 'output-signature', 'output-certificate', 'output-attestation'] as const;

interface ToResolve {
  readonly client: ReturnType<typeof registryClientOf>;
  readonly operand: string;
}

async function resolveImages(
  context: CommandContext,
  values: FlagValues,
  { client, operand }: ToResolve,
): Promise<readonly ImageToSign[]> {
  const depth = values.isSet('recursive') ? 'recursive' : 'named';
  const layout = layoutPath(context, operand);
  if (layout !== undefined) {
    const store = withCosignTags(openOciDirectory(layout.path));
    try {
      const named = { ...store, manifest: (wanted: string | undefined) => store.manifest(wanted ?? layout.name) };
      return (await imagesToSign(named, depth)).map((subject) => ({ name: operand, subject }));
    } finally {
      store.close();
    }
  }
  const reference = referenceOf(operand.replace(/^image:/, ''));
  const subjects = await imagesToSign(registryStore(client, reference), depth);
  const name = `${reference.registry}/${reference.repository}`;
  if (reference.digest === undefined)
    context.log.warn(
      `${operand} is ${subjects[0]?.digest ?? ''} now, and that is what is signed; a tag can be moved, name the digest to be sure`,
    );
  return subjects.map((subject) => ({ name, subject }));
}

interface OneSigning {
  readonly request: ImageSigningRequest;
  readonly image: ImageToSign;
  readonly session: SigningSession;
  readonly plan: SigningPlan;
  readonly store: WritableStore;
  readonly layout: 'bundle' | 'layer';
}

async function signOne(context: CommandContext, values: FlagValues, one: OneSigning): Promise<SignedImage> {
  const { request, image, session, plan, store, layout } = one;
  const { digest } = image.subject;
  const claim = request.claimFor(digest);
  const toSign = contentFor({ claim, layout, repository: image.name, digest });
  const { credential, client } = session;
  const proof = await makeProof({ toSign, credential, services: plan.services, client, form: layout });
  const files = writeProofFiles(context, values, proof);
  const createdAt = new Date(context.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const isKept = !values.isSet('no-upload');
  if (!isKept && files.length === 0)
    context.stdout.write(
      `${layout === 'bundle' ? proof.bundleText : (proof.envelope ?? proof.signature.toString('base64'))}\n`,
    );
  return {
    image: image.name,
    digest,
    proof: isKept
      ? await publishProof(store, { subject: image.subject, claim, layout, toSign, proof, createdAt })
      : undefined,
    signer: session.who,
    log: logLines(proof, plan.services),
    files,
  };
}

interface Report {
  readonly command: ImageSigningRequest['command'];
  readonly done: readonly SignedImage[];
}

function report(context: CommandContext, values: FlagValues, { command, done }: Report): void {
  const { form, write } = plainOutput(values, context, command);
  if (form === 'json') {
    write(`${JSON.stringify(done, undefined, 2)}\n`);
    return;
  }
  for (const { image, digest, proof, signer, log, files } of done) {
    const verb = command === 'sign' ? 'signed' : 'attested';
    const place = proof === undefined ? 'nothing written to the registry' : `kept as ${image}@${proof}`;
    const rest = [...log, ...files.map((file) => `written to ${file}`)].map((text) => `; ${text}`).join('');
    const line = `${verb} ${image}@${digest} by ${signer}; ${place}${rest}\n`;
    if (values.isSet('no-upload')) context.stderr.write(line);
    else write(line);
  }
}

interface PlanToTell {
  readonly plan: SigningPlan;
  readonly work: readonly { readonly operand: string; readonly images: readonly ImageToSign[] }[];
  readonly layout: 'bundle' | 'layer';
}

function describePlan(context: CommandContext, values: FlagValues, { plan, work, layout }: PlanToTell): number {
  const who = plan.signer.kind === 'key' ? `key ${plan.signer.reference}` : 'the identity of a token';
  const form = layout === 'bundle' ? 'a bundle that refers to it' : 'a layer under its older tag';
  const lines = work.flatMap(({ images }) =>
    images.map(({ name, subject }) => `would sign ${name}@${subject.digest} with ${who}, as ${form}`),
  );
  const asked = plan.told.map((line) => `would ask ${line}`);
  plainOutput(values, context, 'sign').write(
    `${[...lines, ...asked, 'nothing was signed, asked or written'].join('\n')}\n`,
  );
  return 0;
}
