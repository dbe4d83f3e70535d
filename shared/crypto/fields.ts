/** A frame of fixed fields: name → length in bytes, in wire order. */
export type Layout = Readonly<Record<string, number>>;
export type FieldsOf<T extends Layout> = { readonly [Name in keyof T]: Uint8Array };

export function layoutBytes(layout: Layout): number {
  return Object.values(layout).reduce((sum, length) => sum + length, 0);
}

/**
 * Cut a frame into copies of its fields.
 * @returns undefined when the frame is one byte too short or too long.
 */
export function readFields<T extends Layout>(
  layout: T,
  bytes: Uint8Array
): FieldsOf<T> | undefined {
  if (bytes.length !== layoutBytes(layout)) return undefined;
  const fields: Record<string, Uint8Array> = {};
  let at = 0;
  for (const [name, length] of Object.entries(layout)) {
    fields[name] = bytes.slice(at, at + length);
    at += length;
  }
  return fields as FieldsOf<T>;
}

/** Lay fields side by side. @throws when a field has another length than the layout says. */
export function writeFields<T extends Layout>(layout: T, fields: FieldsOf<T>): Uint8Array {
  const parts = Object.entries(layout).map(([name, length]) => {
    const field = fields[name];
    if (field?.length !== length) throw new Error(`field ${name} is not ${length} bytes`);
    return field;
  });
  return joinBytes(...parts);
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * L(label, …) of the design: label and fields, each behind its length as u32 big-endian. No two
 * different lists give the same bytes, so nothing can be moved from one field into the next.
 */
export function labelled(label: string, ...fields: readonly Uint8Array[]): Uint8Array {
  return joinBytes(
    ...[new TextEncoder().encode(label), ...fields].flatMap((field) => [
      writeU32(field.length),
      field
    ])
  );
}

/** A whole number from 0 to 2^32 − 1 as 4 bytes, big-endian. @throws RangeError otherwise. */
export function writeU32(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff)
    throw new RangeError('not a u32');
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** @returns undefined unless exactly 4 bytes. */
export function readU32(bytes: Uint8Array): number | undefined {
  if (bytes.length !== 4) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}

/** A whole number from 0 to 2^53 − 1 as 8 bytes, big-endian. @throws RangeError otherwise. */
export function writeU64(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('not a u64 we can count');
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** @returns undefined unless exactly 8 bytes that hold at most 2^53 − 1. */
export function readU64(bytes: Uint8Array): number | undefined {
  if (bytes.length !== 8) return undefined;
  const value = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0));
  return Number.isSafeInteger(value) ? value : undefined;
}
