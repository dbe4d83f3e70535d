import * as v from 'valibot';

/** Reads one row, or null. Throws when the file holds something else than this version writes. */
export const rowOf = <Row extends v.GenericSchema>(
  schema: Row,
  row: unknown
): v.InferOutput<Row> | null => (row === undefined ? null : v.parse(schema, row));
