// SPDX-License-Identifier: Apache-2.0
// `landwaiter admission certificate`: makes and renews the webhook's certificates, in a folder or in Secrets of the cluster; `admission unregister` takes the
// webhooks away, so that nothing asks a webhook that is gone. Run by the chart before and after an installation, daily, and before it is removed.
import { resolve } from 'node:path';
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { findClusterAccess } from '../../io/kube/access.ts';
import type { KindName, KubeClient } from '../../io/kube/client.ts';
import { openKubeClient } from '../../io/kube/open-client.ts';
import type { KubeChange } from '../../io/kube/outcome.ts';
import { storedFolder } from '../../io/stored-files.ts';
import { LandwaiterError } from '../../model/error.ts';
import { programName } from '../../model/version.ts';
import type { CertificateMaterial } from '../server/admission/certificate-renewal.ts';
import { renewCertificates } from '../server/admission/certificate-renewal.ts';
import { serviceNames } from '../server/admission/certificates.ts';
import { standDown } from '../server/cluster/controller-lease.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

const authorityDays = 365;
const servingDays = 90;
const longestPem = 1024 * 1024;
/** Until every API server has heard of a new bundle: configurations reach them by a watch, within a second or so. */
const settling = 10_000;
/** Replicas of the controller look at their Lease every two seconds or so. */
const standingDown = 4_000;
const registrations: readonly KindName[] = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map(
  (kind) => ({ apiVersion: 'admissionregistration.k8s.io/v1', kind }),
);

export async function certificate(
  context: CommandContext,
  _operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const folder = values.text('certificate-folder');
  const secret = values.text('certificate-secret');
  if ((folder === undefined) === (secret === undefined))
    throw new LandwaiterError({
      code: 'USAGE',
      message: 'certificates are kept in a folder or in Secrets of the cluster',
      hint: '--certificate-folder FOLDER, or --certificate-secret NAME',
    });
  const service = values.text('service-name') ?? 'landwaiter-admission';
  const namespace = values.text('service-namespace') ?? 'landwaiter-system';
  const options = { now: context.clock.now(), names: serviceNames(service, namespace), authorityDays, servingDays };
  if (folder !== undefined) {
    keepInFolder(context, resolve(context.cwd, folder), (stored) => renewCertificates(stored, options));
    return 0;
  }
  const client = clientOf(context);
  try {
    const place = { namespace, serving: secret ?? '', authority: `${secret ?? ''}-authority` };
    const stored = await readSecrets(client, place);
    const { material, changed } = renewCertificates(stored, options);
    if (changed === 'authority') await writeAuthority(client, place, material);
    const told = await tellRegistrations(client, service, namespace, material.bundle);
    if (changed !== 'nothing') {
      if (changed === 'authority' && stored.serving !== undefined && told > 0) await pause(settling);
      await writeServing(client, place, material);
    }
    context.log.info(`certificates: ${changed} changed, ${told} registrations know them`);
    return 0;
  } finally {
    client.close();
  }
}

/** Removes the registrations; those that are not there are no fault. */
export async function unregister(
  context: CommandContext,
  _operands: readonly string[],
  values: FlagValues,
): Promise<number> {
  const service = values.text('service-name') ?? 'landwaiter-admission';
  const namespace = values.text('service-namespace') ?? 'landwaiter-system';
  const client = clientOf(context);
  try {
    const stood = await standDown(client, { namespace, now: context.clock.now() });
    if (stood.kind === 'failed') context.log.warn(`the controller was not told to stand down: ${stood.reason}`);
    if (stood.kind === 'done') await pause(standingDown);
    for (const kind of registrations) {
      const name = registrationName(kind);
      const found = await client.get(kind, name);
      if (found.kind === 'none') continue;
      if (found.kind === 'unknown') throw failed(found.reason);
      if (!isOurs(found.value, service, namespace)) {
        context.log.warn(`${kind.kind} ${name} does not lead to ${namespace}/${service}; it stays`);
        continue;
      }
      const gone = await client.delete(kind, name);
      if (gone.kind === 'refused' && gone.reason === 'NotFound') continue;
      demand(gone);
      context.log.info(`${kind.kind} ${name} is removed`);
    }
    return 0;
  } finally {
    client.close();
  }
}

function clientOf({ environment }: CommandContext): KubeClient {
  const access = findClusterAccess({ environment, home: environment['HOME'] });
  return openKubeClient({ access, environment });
}

function registrationName({ kind }: KindName): string {
  return kind.startsWith('Mutating') ? 'landwaiter-mutate' : 'landwaiter-validate';
}

type Renew = (stored: CertificateMaterial) => ReturnType<typeof renewCertificates>;

function keepInFolder({ stdout }: CommandContext, root: string, renew: Renew): void {
  const folder = storedFolder(root);
  const read = (name: string): string => Buffer.from(folder.read(name, longestPem) ?? []).toString('utf8');
  const [bundle, authorityKey, serving, key] = [read('ca.crt'), read('ca.key'), read('tls.crt'), read('tls.key')];
  const stored = {
    bundle,
    authorityKey,
    serving: serving === '' || key === '' ? undefined : { certificate: serving, key },
  };
  const { material, changed } = renew(stored);
  stdout.write(`${root}: ${changed === 'nothing' ? 'nothing is due' : `${changed} is new`}\n`);
  if (changed === 'nothing') return;
  folder.write('ca.key', Buffer.from(material.authorityKey), 'private');
  folder.write('ca.crt', Buffer.from(material.bundle));
  folder.write('tls.key', Buffer.from(material.serving.key), 'private');
  folder.write('tls.crt', Buffer.from(material.serving.certificate));
}

interface SecretPlace {
  readonly namespace: string;
  /** What the webhook mounts. */
  readonly serving: string;
  /** With the key of the authority, which no webhook ever sees. */
  readonly authority: string;
}

const secretKind: KindName = { apiVersion: 'v1', kind: 'Secret' };

async function readSecrets(client: KubeClient, place: SecretPlace): Promise<CertificateMaterial> {
  const authority = await dataOf(client, place.namespace, place.authority);
  const serving = await dataOf(client, place.namespace, place.serving);
  const [certificateText = '', key = ''] = [serving['tls.crt'], serving['tls.key']];
  return {
    bundle: authority['ca.crt'] ?? '',
    authorityKey: authority['ca.key'] ?? '',
    serving: certificateText === '' || key === '' ? undefined : { certificate: certificateText, key },
  };
}

async function dataOf(
  client: KubeClient,
  namespace: string,
  name: string,
): Promise<Readonly<Record<string, string | undefined>>> {
  const found = await client.get(secretKind, name, { namespace });
  if (found.kind === 'none') return {};
  if (found.kind === 'unknown') throw failed(found.reason);
  return Object.fromEntries(
    Object.entries(asObject(found.value['data']) ?? {}).map(([key, value]) => [
      key,
      Buffer.from(asString(value) ?? '', 'base64').toString('utf8'),
    ]),
  );
}

function writeAuthority(client: KubeClient, place: SecretPlace, material: CertificateMaterial): Promise<void> {
  const data = { 'ca.crt': material.bundle, 'ca.key': material.authorityKey };
  return writeSecret(client, { namespace: place.namespace, name: place.authority, type: 'Opaque' }, data);
}

function writeServing(client: KubeClient, place: SecretPlace, { bundle, serving }: CertificateMaterial): Promise<void> {
  const data = { 'tls.crt': serving?.certificate ?? '', 'tls.key': serving?.key ?? '', 'ca.crt': bundle };
  return writeSecret(client, { namespace: place.namespace, name: place.serving, type: 'kubernetes.io/tls' }, data);
}

interface SecretName {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
}

async function writeSecret(
  client: KubeClient,
  { namespace, name, type }: SecretName,
  texts: Readonly<Record<string, string>>,
): Promise<void> {
  const data = Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
  const found = await client.get(secretKind, name, { namespace });
  if (found.kind === 'unknown') throw failed(found.reason);
  const metadata = { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'landwaiter' } };
  const change =
    found.kind === 'none'
      ? await client.create({ apiVersion: 'v1', kind: 'Secret', type, metadata, data }, { namespace })
      : await client.patch(secretKind, name, { type: 'merge', value: { data } }, { namespace });
  demand(change);
}

/** Writes the bundle into the registrations that lead to this service; returns how many there are. */
async function tellRegistrations(
  client: KubeClient,
  service: string,
  namespace: string,
  bundle: string,
): Promise<number> {
  const encoded = Buffer.from(bundle).toString('base64');
  let count = 0;
  for (const kind of registrations) {
    const name = registrationName(kind);
    const found = await client.get(kind, name);
    if (found.kind === 'none') continue;
    if (found.kind === 'unknown') throw failed(found.reason);
    const operations = asArray(found.value['webhooks']).flatMap((item, index): readonly JsonObject[] => {
      const webhook = asObject(item);
      const client = asObject(webhook?.['clientConfig']);
      if (!leadsTo(client, service, namespace) || client?.['caBundle'] === encoded) return [];
      return [
        { op: 'test', path: `/webhooks/${index}/name`, value: webhook?.['name'] },
        { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: encoded },
      ];
    });
    if (operations.length > 0) demand(await client.patch(kind, name, { type: 'json', value: operations }));
    count += 1;
  }
  return count;
}

function isOurs(configuration: JsonObject, service: string, namespace: string): boolean {
  const webhooks = asArray(configuration['webhooks']).map((item) => asObject(asObject(item)?.['clientConfig']));
  // The controller registers an address where the webhook is outside of the cluster.
  const isMade =
    asObject(asObject(configuration['metadata'])?.['labels'])?.['app.kubernetes.io/managed-by'] === programName;
  return webhooks.every((client) => leadsTo(client, service, namespace) || (isMade && client?.['url'] !== undefined));
}

function leadsTo(client: JsonObject | undefined, service: string, namespace: string): boolean {
  const named = asObject(client?.['service']);
  return named?.['name'] === service && named['namespace'] === namespace;
}

function demand(change: KubeChange<JsonObject>): void {
  if (change.kind === 'refused') throw failed(change.message);
  if (change.kind === 'unknown') throw failed(change.reason);
}

function failed(message: string): LandwaiterError {
  return new LandwaiterError({ code: 'NETWORK_FAILED', message });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, milliseconds));
}
