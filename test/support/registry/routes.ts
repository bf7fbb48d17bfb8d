// SPDX-License-Identifier: Apache-2.0
// The endpoints of the OCI distribution specification 1.1 over the state of a test registry. Faults are added elsewhere.
import type { IncomingMessage } from 'node:http';
import { digestOfBytes } from './content.ts';
import type { Reply } from './faults.ts';
import type { TestRegistry, TestRepository } from './test-registry.ts';

interface Call {
  readonly registry: TestRegistry;
  readonly repository: TestRepository;
  /** `team/app`. */
  readonly name: string;
  /** What stands behind `manifests/`, `blobs/` and the like. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

export function answerRequest(registry: TestRegistry, request: IncomingMessage, body: Buffer): Reply {
  const url = new URL(request.url ?? '/', 'http://registry.invalid');
  if (url.pathname === '/token' && registry.access !== undefined)
    return registry.access.grant(request, body.toString());
  const refusal = registry.access?.refuse(request, registry.origin);
  if (refusal !== undefined) return refusal;
  if (url.pathname === '/v2/' || url.pathname === '/v2') return { status: 200, body: Buffer.from('{}') };
  const match = /^\/v2\/(.+?)\/(manifests|blobs\/uploads|blobs|tags|referrers)\/(.*)$/.exec(url.pathname);
  const [, name = '', kind = '', target = ''] = match ?? [];
  if (match === null) return { status: 404 };
  const repository = isWriting(request) ? registry.repository(name) : registry.repositories.get(name);
  if (repository === undefined) return failure(404, 'NAME_UNKNOWN');
  const call: Call = { registry, repository, name, target, query: url.searchParams, request, body };
  if (kind === 'manifests') return manifests(call);
  if (kind === 'blobs') return blobs(call);
  if (kind === 'blobs/uploads') return uploads(call);
  if (kind === 'tags') return tags(call);
  return referrers(call);
}

function isWriting(request: IncomingMessage): boolean {
  return request.method !== 'GET' && request.method !== 'HEAD';
}

function failure(status: number, code: string): Reply {
  const body = Buffer.from(JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] }));
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function manifests({ registry, repository, name, target, request, body }: Call): Reply {
  const digest = target.includes(':') ? target : (repository.tags.get(target) ?? '');
  if (request.method === 'PUT') {
    const actual = digestOfBytes(body);
    if (target.includes(':') && target !== actual) return failure(400, 'DIGEST_INVALID');
    repository.manifests.set(actual, { bytes: body, mediaType: request.headers['content-type'] ?? '' });
    if (!target.includes(':')) repository.tags.set(target, actual);
    const subject = subjectOf(body);
    const isKnown = subject !== undefined && registry.options.referrers !== 'off';
    const headers = { location: `/v2/${name}/manifests/${actual}`, 'docker-content-digest': actual };
    return { status: 201, headers: { ...headers, ...(isKnown ? { 'oci-subject': subject } : {}) } };
  }
  const manifest = repository.manifests.get(digest);
  if (manifest === undefined) return failure(404, 'MANIFEST_UNKNOWN');
  if (request.method === 'DELETE') {
    repository.manifests.delete(digest);
    for (const [tag, tagged] of repository.tags) if (tagged === digest) repository.tags.delete(tag);
    return { status: 202 };
  }
  const headers = { 'content-type': manifest.mediaType, 'docker-content-digest': digest };
  return { status: 200, headers, body: manifest.bytes };
}

function subjectOf(bytes: Buffer): string | undefined {
  const value = JSON.parse(bytes.toString()) as { subject?: { digest?: string } };
  return value.subject?.digest;
}

function blobs({ repository, target, request }: Call): Reply {
  const bytes = repository.blobs.get(target);
  if (bytes === undefined) return failure(404, 'BLOB_UNKNOWN');
  if (request.method === 'DELETE') {
    repository.blobs.delete(target);
    return { status: 202 };
  }
  const headers = { 'content-type': 'application/octet-stream', 'docker-content-digest': target };
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) return { status: 200, headers, body: bytes };
  const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
  return { status: 206, headers: { ...headers, 'content-range': range }, body: bytes.subarray(from) };
}

let uploadCount = 0;

function uploads(call: Call): Reply {
  const { registry, repository, name, target, query, request, body } = call;
  if (request.method === 'POST') {
    const mounted = registry.repositories.get(query.get('from') ?? '')?.blobs.get(query.get('mount') ?? '');
    if (mounted !== undefined) {
      repository.blobs.set(query.get('mount') ?? '', mounted);
      return { status: 201, headers: { location: `/v2/${name}/blobs/${query.get('mount')}` } };
    }
    uploadCount += 1;
    repository.uploads.set(`upload-${uploadCount}`, Buffer.alloc(0));
    const minimum = registry.options.chunkMinimum;
    const headers = { location: `/v2/${name}/blobs/uploads/upload-${uploadCount}?state=a%2Fb`, range: '0-0' };
    return {
      status: 202,
      headers: { ...headers, ...(minimum === undefined ? {} : { 'oci-chunk-min-length': String(minimum) }) },
    };
  }
  const upload = repository.uploads.get(target);
  // The state in the address is to be sent back as it came.
  if (upload === undefined || query.get('state') !== 'a/b') return failure(404, 'BLOB_UPLOAD_UNKNOWN');
  const headers = { location: `/v2/${name}/blobs/uploads/${target}?state=a%2Fb` };
  if (request.method === 'GET') return { status: 204, headers: { ...headers, range: rangeOf(upload) } };
  if (request.method === 'PATCH') {
    const from = Number(/^(\d+)-/.exec(request.headers['content-range'] ?? '0-')?.[1] ?? Number.NaN);
    if (from !== upload.length) return { status: 416, headers: { ...headers, range: rangeOf(upload) } };
    repository.uploads.set(target, Buffer.concat([upload, body]));
    return { status: 202, headers: { ...headers, range: rangeOf(Buffer.concat([upload, body])) } };
  }
  const whole = Buffer.concat([upload, body]);
  const digest = query.get('digest') ?? '';
  if (digestOfBytes(whole) !== digest) return failure(400, 'DIGEST_INVALID');
  repository.blobs.set(digest, whole);
  repository.uploads.delete(target);
  return { status: 201, headers: { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest } };
}

function rangeOf(upload: Buffer): string {
  return `0-${Math.max(0, upload.length - 1)}`;
}

function tags({ registry, repository, name, query }: Call): Reply {
  const all = [...repository.tags.keys()].sort();
  const size = Number(query.get('n') ?? registry.options.pageSize ?? all.length);
  const rest = all.filter((tag) => tag > (query.get('last') ?? ''));
  const page = rest.slice(0, size);
  const isLast = page.length === rest.length;
  const next = `</v2/${name}/tags/list?n=${size}&last=${encodeURIComponent(page.at(-1) ?? '')}>; rel="next"`;
  const headers = { 'content-type': 'application/json', ...(isLast ? {} : { link: next }) };
  return { status: 200, headers, body: Buffer.from(JSON.stringify({ name, tags: page })) };
}

function referrers({ registry, repository, name, target, query }: Call): Reply {
  if (registry.options.referrers === 'off') return { status: 404, body: Buffer.from('404 page not found') };
  const all = [...repository.manifests].flatMap(([digest, { bytes, mediaType }]) => {
    const value = JSON.parse(bytes.toString()) as {
      artifactType?: string;
      config?: { mediaType?: string };
      annotations?: unknown;
    };
    if (subjectOf(bytes) !== target) return [];
    const artifactType = value.artifactType ?? value.config?.mediaType;
    return { mediaType, digest, size: bytes.length, artifactType, annotations: value.annotations };
  });
  const type = query.get('artifactType');
  const wanted = type === null ? all : all.filter(({ artifactType }) => artifactType === type);
  const from = Number(query.get('from') ?? 0);
  const size = registry.options.pageSize ?? wanted.length;
  const page = wanted.slice(from, from + size);
  const isLast = from + page.length >= wanted.length;
  const headers = {
    'content-type': 'application/vnd.oci.image.index.v1+json',
    ...(type === null ? {} : { 'oci-filters-applied': 'artifactType' }),
    ...(isLast ? {} : { link: `</v2/${name}/referrers/${target}?from=${from + size}>; rel="next"` }),
  };
  const index = { schemaVersion: 2, mediaType: headers['content-type'], manifests: page };
  return { status: 200, headers, body: Buffer.from(JSON.stringify(index)) };
}
