// SPDX-License-Identifier: Apache-2.0
// ECDSA verification from a digest (FIPS 186-5 6.4.2) for artifacts of which only the digest is known. node:crypto verifies messages only, but
// its ECDH does the two scalar multiplications; what is left is one addition of points. All inputs are public, so timing tells nothing.
import { createECDH, ECDH } from 'node:crypto';
import type { PublicKey } from './public-key.ts';

interface Curve {
  readonly name: string;
  readonly size: number;
  readonly prime: bigint;
  readonly order: bigint;
}

interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** SP 800-186 3.2.1; all have a = -3 and cofactor 1. */
const curves: Readonly<Record<'P-256' | 'P-384' | 'P-521', Curve>> = {
  'P-256': {
    name: 'prime256v1',
    size: 32,
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  'P-384': {
    name: 'secp384r1',
    size: 48,
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  'P-521': {
    name: 'secp521r1',
    size: 66,
    prime: 2n ** 521n - 1n,
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
};

export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/** Whether the signature belongs to the digest. The key must be an ECDSA key. */
export function verifyEcdsaDigest(key: PublicKey, digest: Buffer, { r, s }: EcdsaSignature): boolean {
  if (key.scheme.kind !== 'ecdsa') return false;
  const curve = curves[key.scheme.curve];
  const { order } = curve;
  if (r <= 0n || s <= 0n || r >= order || s >= order) return false;
  const inverse = invert(s, order);
  const u1 = (leftmostBits(digest, order) * inverse) % order;
  const u2 = (r * inverse) % order;
  const signer = publicPoint(key);
  const second = multiply(curve, signer, u2);
  const sum = u1 === 0n ? second : add(curve, basePointTimes(curve, u1), second);
  return sum !== undefined && sum.x % order === r;
}

function publicPoint(key: PublicKey): Point {
  const { x, y } = key.key.export({ format: 'jwk' });
  return { x: numberOf(Buffer.from(x ?? '', 'base64url')), y: numberOf(Buffer.from(y ?? '', 'base64url')) };
}

function leftmostBits(digest: Buffer, order: bigint): bigint {
  const excess = digest.length * 8 - order.toString(2).length;
  const value = numberOf(digest);
  return excess > 0 ? value >> BigInt(excess) : value;
}

function basePointTimes(curve: Curve, scalar: bigint): Point {
  const agreement = createECDH(curve.name);
  agreement.setPrivateKey(octets(scalar, curve.size));
  return pointOf(agreement.getPublicKey(), curve.size);
}

/** scalar x point. ECDH gives x only; the sign of y follows from x of the next multiple. */
function multiply(curve: Curve, point: Point, scalar: bigint): Point {
  if (scalar === 1n) return point;
  if (scalar === curve.order - 1n) return { x: point.x, y: curve.prime - point.y };
  const x = sharedX(curve, point, scalar);
  const next = sharedX(curve, point, scalar + 1n);
  const compressed = Buffer.concat([Buffer.from([2]), octets(x, curve.size)]);
  const full = ECDH.convertKey(compressed, curve.name, undefined, undefined, 'uncompressed') as Buffer;
  const candidate = pointOf(full, curve.size);
  return add(curve, candidate, point)?.x === next ? candidate : { x, y: curve.prime - candidate.y };
}

function sharedX(curve: Curve, point: Point, scalar: bigint): bigint {
  const agreement = createECDH(curve.name);
  agreement.setPrivateKey(octets(scalar, curve.size));
  const encoded = Buffer.concat([Buffer.from([4]), octets(point.x, curve.size), octets(point.y, curve.size)]);
  return numberOf(agreement.computeSecret(encoded));
}

/** Sum of two points; undefined for the point at infinity. */
function add({ prime }: Curve, left: Point, right: Point): Point | undefined {
  const isSameX = left.x === right.x;
  if (isSameX && (left.y !== right.y || left.y === 0n)) return undefined;
  const slope = isSameX
    ? (3n * (left.x * left.x - 1n) * invert(2n * left.y, prime)) % prime
    : (left.y - right.y) * invert(modulo(left.x - right.x, prime), prime);
  const x = modulo(slope * slope - left.x - right.x, prime);
  return { x, y: modulo(slope * (left.x - x) - left.y, prime) };
}

/** Inverse by the extended Euclidean algorithm; the modulus is prime and the value not a multiple of it. */
function invert(value: bigint, modulus: bigint): bigint {
  let [a, b] = [modulo(value, modulus), modulus];
  let [u, v] = [1n, 0n];
  while (a !== 0n && b !== 0n) {
    const quotient = b / a;
    [a, b] = [b % a, a];
    [u, v] = [v - quotient * u, u];
  }
  return modulo(v, modulus);
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function numberOf(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`);
}

function octets(value: bigint, size: number): Buffer {
  return Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex');
}

function pointOf(uncompressed: Buffer, size: number): Point {
  return { x: numberOf(uncompressed.subarray(1, 1 + size)), y: numberOf(uncompressed.subarray(1 + size)) };
}
