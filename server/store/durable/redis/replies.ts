import * as v from 'valibot';

const Reply = v.instance(Buffer);
export const Bytes = v.pipe(
  Reply,
  v.transform((bytes) => new Uint8Array(bytes))
);
export const Text = v.pipe(
  Reply,
  v.transform((bytes) => bytes.toString())
);
export const Whole = v.pipe(Text, v.transform(Number), v.integer());
export const Real = v.pipe(Text, v.transform(Number), v.finite());
export const Flag = v.pipe(
  Text,
  v.transform((text) => text === '1')
);
export const Json = v.pipe(
  Text,
  v.transform((text): unknown => JSON.parse(text))
);
/** A text that is one of a schema. */
export const oneOf = <Schema extends v.GenericSchema<string>>(schema: Schema) =>
  v.pipe(Text, schema);

/** Reads a hash as Redis lists it, name and value in turn; null when there is none. A field that is not there is null. */
export function readRow<Entries extends v.ObjectEntries>(
  schema: v.ObjectSchema<Entries, undefined>,
  reply: unknown
): v.InferOutput<v.ObjectSchema<Entries, undefined>> | null {
  // Thousands of rows come at once: each field is looked at once, by its schema.
  const flat: readonly unknown[] = v.parse(v.instance(Array), reply);
  if (flat.length === 0) return null;
  const row: Record<string, unknown> = {};
  for (const name of Object.keys(schema.entries)) row[name] = null;
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const value = flat[at + 1];
    row[String(flat[at])] = typeof value === 'number' ? Buffer.from(String(value)) : value;
  }
  return v.parse(schema, row);
}

/** The fields of a hash with what each holds. */
export function readPairs<Schema extends v.GenericSchema>(
  schema: Schema,
  reply: unknown
): [string, v.InferOutput<Schema>][] {
  const flat = v.parse(v.array(v.unknown()), reply);
  return Array.from({ length: flat.length / 2 }, (_, at) => [
    String(flat[2 * at]),
    v.parse(schema, flat[2 * at + 1])
  ]);
}

/** Rows of a list; what is gone in the meantime is left out. */
export function readRows<Entries extends v.ObjectEntries>(
  schema: v.ObjectSchema<Entries, undefined>,
  reply: unknown
): v.InferOutput<v.ObjectSchema<Entries, undefined>>[] {
  const rows = v.parse(v.array(v.unknown()), reply).map((row) => readRow(schema, row));
  return rows.filter((row) => row !== null);
}

/** A status such as `held`. */
export const readWord = <const Words extends readonly string[]>(
  words: Words,
  reply: unknown
): Words[number] => v.parse(oneOf(v.picklist(words)), reply);
