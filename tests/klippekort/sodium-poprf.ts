import sodium from 'libsodium-wrappers-sumo';

/**
 * POPRF(ristretto255, SHA-512) of RFC 9497, section 3.3.3, a second time: every group operation and hash is
 * libsodium's, and nothing is shared with the product. An oracle for tests only.
 */
await sodium.ready;

const text = (words: string) => new TextEncoder().encode(words);
const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const u16 = (value: number) => Uint8Array.of(value >> 8, value & 255);
const framed = (bytes: Uint8Array) => join(u16(bytes.length), bytes);
const context = join(text('OPRFV1-'), Uint8Array.of(2), text('-ristretto255-SHA512'));

/** expand_message_xmd (RFC 9380, section 5.3.1) with SHA-512 to 64 bytes: one block. */
function expand(message: Uint8Array, domain: Uint8Array): Uint8Array {
  const dst = join(domain, Uint8Array.of(domain.length));
  const b0 = sodium.crypto_hash_sha512(
    join(new Uint8Array(128), message, u16(64), Uint8Array.of(0), dst)
  );
  return sodium.crypto_hash_sha512(join(b0, Uint8Array.of(1), dst));
}

const toGroup = (input: Uint8Array) =>
  sodium.crypto_core_ristretto255_from_hash(expand(input, join(text('HashToGroup-'), context)));
const toScalar = (input: Uint8Array) =>
  sodium.crypto_core_ristretto255_scalar_reduce(
    expand(input, join(text('HashToScalar-'), context))
  );
const times = (scalar: Uint8Array, point: Uint8Array) =>
  sodium.crypto_scalarmult_ristretto255(scalar, point);
const base = (scalar: Uint8Array) => sodium.crypto_scalarmult_ristretto255_base(scalar);
const plus = (one: Uint8Array, other: Uint8Array) =>
  sodium.crypto_core_ristretto255_add(one, other);

const tweak = (info: Uint8Array) => toScalar(join(text('Info'), framed(info)));

export const publicKeyOf = base;
export const blinded = (input: Uint8Array, blind: Uint8Array) => times(blind, toGroup(input));

export function evaluated(secretKey: Uint8Array, info: Uint8Array, element: Uint8Array) {
  const t = sodium.crypto_core_ristretto255_scalar_add(secretKey, tweak(info));
  return times(sodium.crypto_core_ristretto255_scalar_invert(t), element);
}

export function output(secretKey: Uint8Array, info: Uint8Array, input: Uint8Array): Uint8Array {
  const element = evaluated(secretKey, info, toGroup(input));
  return sodium.crypto_hash_sha512(
    join(framed(input), framed(info), framed(element), text('Finalize'))
  );
}

/** VerifyProof (section 2.2.2) against the tweaked key: C are the evaluated, D the blinded elements. */
export function isProved(
  publicKey: Uint8Array,
  info: Uint8Array,
  c: readonly Uint8Array[],
  d: readonly Uint8Array[],
  proof: Uint8Array
): boolean {
  const key = plus(base(tweak(info)), publicKey);
  const seed = sodium.crypto_hash_sha512(join(framed(key), framed(join(text('Seed-'), context))));
  const sum = (points: readonly Uint8Array[]) =>
    points
      .map((point, at) => {
        const [ci, di] = [c[at] ?? point, d[at] ?? point];
        const weight = toScalar(
          join(framed(seed), u16(at), framed(ci), framed(di), text('Composite'))
        );
        return times(weight, point);
      })
      .reduce(plus);
  const [m, z] = [sum(c), sum(d)];
  const [challenge, response] = [proof.slice(0, 32), proof.slice(32)];
  const t2 = plus(base(response), times(challenge, key));
  const t3 = plus(times(response, m), times(challenge, z));
  const expected = toScalar(
    join(framed(key), framed(m), framed(z), framed(t2), framed(t3), text('Challenge'))
  );
  return sodium.memcmp(expected, challenge);
}
