// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiled, verdictOf } from '../../../test/support/kyverno-rule.ts';
import {
  annotationsFor,
  byKey,
  judged,
  keys,
  manifests,
  others,
  packed,
  policyFor,
  service,
  signed,
} from '../../../test/support/signed-manifest.ts';

describe('signed manifests', () => {
  it('are the objects that carry them', () => {
    expect(judged(signed(service()))).toMatch(/^pass verified manifest signatures/);
  });

  it.each([
    ['nothing', service()],
    ['a message without signature', { ...service({}, { annotations: annotationsFor(JSON.stringify(service()), []) }) }],
    ['a signature of somebody else', signed(service(), [{ keys: others }])],
    ['a manifest of another name', signed(service({}, { name: 'other' }), undefined, service())],
    ['a manifest of another kind', signed({ ...service(), kind: 'Endpoints' }, undefined, service())],
    ['another value', signed(service(), undefined, service({ ports: [{ port: 8080 }] }))],
    ['a value more', signed(service(), undefined, service({ externalIPs: ['192.0.2.1'] }))],
    ['an element more', signed(service(), undefined, service({ ports: [{ port: 80 }, { port: 22 }] }))],
    ['a value less', signed(service(), undefined, { ...service(), spec: { ports: [{ port: 80 }] } })],
    ['another annotation', signed(service(), undefined, service({}, { annotations: { team: 'x' } }))],
    ['a label more', signed(service(), undefined, service({}, { labels: { team: 'x' } }))],
    ['another version', signed(service(), undefined, { ...service(), apiVersion: 'v2' })],
  ])('are refused with %s', (_, object) => {
    expect(judged(object)).toMatch(/^fail /);
  });

  it('may be one of several documents', () => {
    const text = [service({}, { name: 'other' }), service()].map((object) => JSON.stringify(object)).join('\n---\n');
    const object = service({}, { annotations: annotationsFor(text, [{ keys }]) });

    expect(judged(object)).toMatch(/^pass /);
  });

  it('may be an archive of YAML files', () => {
    const content = Buffer.from(JSON.stringify(service()));
    const head = Buffer.alloc(512);
    head.write('web.yaml');
    head.write('0000644', 100);
    head.write(content.length.toString(8).padStart(11, '0'), 124);
    head.write('        ', 148);
    head.write('0', 156);
    head.write('ustar', 257);
    head.write(
      `${[...head]
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    const archive = Buffer.concat([head, content, Buffer.alloc(512 - (content.length % 512)), Buffer.alloc(1024)]);
    const object = service({}, { annotations: annotationsFor(gzipSync(archive), [{ keys }]) });

    expect(judged(object)).toMatch(/^pass /);
  });

  it.each([
    ['no base64', { 'cosign.sigstore.dev/message': '%%%' }],
    ['no gzip', { 'cosign.sigstore.dev/message': Buffer.from('{}').toString('base64') }],
    ['a bomb', { 'cosign.sigstore.dev/message': packed(Buffer.alloc(64 * 1024 * 1024)) }],
    ['two values for one key', annotationsFor('{"kind": "Service", "kind": "Pod"}', [{ keys }])],
    ['no YAML', annotationsFor('a: [', [{ keys }])],
    [
      'a signature that is none',
      { ...annotationsFor(JSON.stringify(service()), [{ keys }]), 'cosign.sigstore.dev/signature': 'AA=' },
    ],
    [
      'a bundle that is none',
      { ...annotationsFor(JSON.stringify(service()), [{ keys }]), 'cosign.sigstore.dev/bundle': packed('[]') },
    ],
  ])('that hold %s are refused', (_, annotations) => {
    const object = service({}, { annotations: { 'cosign.sigstore.dev/signature': 'AAAA', ...annotations } });

    expect(judged(object)).toMatch(/^fail /);
  });

  it('stand under another domain where the policy says so', () => {
    const object = service({}, { annotations: annotationsFor(JSON.stringify(service()), [{ keys }], 'sig.example') });

    expect(judged(object, manifests([byKey()], { annotationDomain: 'sig.example' }))).toMatch(/^pass /);
    expect(judged(object)).toMatch(/^fail /);
  });

  it('end in an error where a dry run might explain a difference', () => {
    const block = manifests([byKey()], { dryRun: { enable: true } });

    expect(judged(signed(service()), block)).toMatch(/^pass /);
    expect(judged(signed(service(), undefined, service({ a: 'b' })), block)).toMatch(/^error .*needs a cluster/);
  });

  it('in a registry are an error', () => {
    expect(judged(signed(service()), manifests([byKey()], { repository: 'ghcr.io/a/b' }))).toMatch(/^error .*registry/);
    expect(judged(signed(service()), manifests([{ ...byKey(), repository: 'ghcr.io/a/b' }]))).toMatch(/^error /);
  });

  it('are not asked for when objects are deleted', () => {
    const engine = compiled([policyFor(manifests([byKey()]))]);

    expect(verdictOf(engine, service(), { operation: 'DELETE' })).toBe('none');
  });

  it('are an error where nobody verifies signatures', () => {
    expect(verdictOf(compiled([policyFor(manifests([byKey()]))]), signed(service()))).toMatch(/^error /);
  });

  it('never make an engine throw, whatever stands in annotations', () => {
    const text = fc.oneof(fc.string(), fc.base64String(), fc.string().map(packed));

    fc.assert(
      fc.property(text, text, text, (message, signature, bundle) => {
        const domain = 'cosign.sigstore.dev';
        const annotations = {
          [`${domain}/message`]: message,
          [`${domain}/signature`]: signature,
          [`${domain}/bundle`]: bundle,
        };
        expect(judged(service({}, { annotations }))).toMatch(/^fail /);
      }),
      { numRuns: 100 },
    );
  });
});
