// SPDX-License-Identifier: Apache-2.0
// `landwaiter notation sign IMAGE`: a Notary Project signature of the manifest or index that a name stands for, hung on it in its repository or layout.
import { resolve } from 'node:path';
import { envelopeMediaTypes } from '../../formats/notation/envelope.ts';
import { printable } from '../../formats/text-table.ts';
import { openLayoutWriter } from '../../io/registry/layout-writer.ts';
import type { WritableStore } from '../../io/registry/writable-store.ts';
import { writableRepository } from '../../io/registry/writable-store.ts';
import { splitReference } from '../images/open-image.ts';
import { attachNotation } from '../signatures/notation-attachment.ts';
import { signNotation } from '../signatures/notation-sign.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { notationFolderOf, notationKeyOf, signingWishes } from './notation-keys.ts';
import { manifestOf } from './notation-manifest.ts';
import { plainOutput } from './outputs.ts';
import type { ProofPlace } from './proof-place.ts';
import { openPlaceWith, registryClientOf } from './proof-place.ts';
import { usage } from './usage.ts';

export async function sign(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [operand, ...more] = operands;
  if (operand === undefined || more.length > 0)
    throw usage('notation sign needs one image', 'landwaiter notation sign registry.example/team/app@sha256:4f1c…');
  const output = plainOutput(values, context, 'notation sign');
  const folder = notationFolderOf(context, values);
  const key = await notationKeyOf(context, values, folder);
  const { metadata, close, ...wishes } = signingWishes(context, values, folder);
  const { insecureRegistries: insecure } = folder.settings();
  const place = openPlaceWith(context, operand, { values, insecure });
  try {
    const subject = await manifestOf(place);
    if (place.reference !== undefined && place.reference.digest === undefined)
      context.log.warn(`${operand} is ${subject.digest} now, and that is what is signed; a tag can be moved`);
    const { envelope, chain } = await signNotation({ ...wishes, key, target: { ...subject, annotations: metadata } });
    const { store, close: closeStore } = writableOf(context, { place, operand, values, insecure });
    try {
      const manifest = await attachNotation(store, {
        subject,
        envelope,
        mediaType: envelopeMediaTypes[wishes.format],
        certificates: chain.map(({ encoded }) => encoded),
        createdAt: new Date(wishes.now).toISOString().replace(/\.\d+Z$/, 'Z'),
      });
      const fact = { image: place.name, digest: subject.digest, signature: manifest, key: key.name };
      if (output.form === 'json') output.write(`${JSON.stringify(fact, undefined, 2)}\n`);
      else
        output.write(
          `signed ${printable(place.name)} (${subject.digest}) with ${printable(key.name)}; kept as ${manifest}\n`,
        );
      return 0;
    } finally {
      closeStore();
    }
  } finally {
    place.close();
    close();
  }
}

interface PlaceToWrite {
  readonly place: ProofPlace;
  readonly operand: string;
  readonly values: FlagValues;
  readonly insecure: readonly string[];
}

function writableOf(
  context: CommandContext,
  { place, operand, values, insecure }: PlaceToWrite,
): { readonly store: WritableStore; readonly close: () => void } {
  if (place.reference !== undefined) {
    const client = registryClientOf(context, values, insecure);
    return { store: writableRepository(client, place.reference), close: () => client.close() };
  }
  if (operand.startsWith('oci-archive:'))
    throw usage('an archive cannot be written to; unpack it, and name the folder');
  const { path } = splitReference(operand.replace(/^oci-dir:/, ''), context.cwd);
  return { store: openLayoutWriter(resolve(context.cwd, path)), close: () => undefined };
}
