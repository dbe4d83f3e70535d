import * as v from 'valibot';

type Schema = v.GenericSchema;
/** A schema as valibot keeps it; which of these it has is said by its type. */
interface Kept {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly items?: readonly Schema[];
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
}

/** One of these is right, wherever a call wants text or a number. */
const texts = [
  ...['Hej', '00000000-0000-4000-8000-00000000000a', 'A'.repeat(22), 'A'.repeat(43)],
  ...['A'.repeat(100), '2026-11-23', '15:00', '2026-W40', 'Europe/Copenhagen', ''],
  ...['A'.repeat(86), 'A'.repeat(87), '0'.repeat(16), '0'.repeat(32), 'age1pq1a']
];
const numbers = [1, 0, 2, 8, 30, 2026, Date.UTC(2026, 10, 23)];

/**
 * Values that a schema takes, found by trying: the first of each choice, and each other choice once.
 * @param known what stands where this very schema is asked for
 */
export function examplesOf(
  schema: Schema,
  known: ReadonlyMap<Schema, unknown> = new Map()
): readonly unknown[] {
  const isRight = (value: unknown) => v.is(schema, value);
  const found = known.has(schema) ? [known.get(schema)] : candidates(schema, known).filter(isRight);
  if (found.length === 0) throw new Error(`no example of ${(schema as unknown as Kept).type}`);
  return found;
}

function candidates(schema: Schema, known: ReadonlyMap<Schema, unknown>): readonly unknown[] {
  const kept = schema as unknown as Kept;
  switch (kept.type) {
    case 'string':
      return texts.filter((text) => v.is(schema, text)).slice(0, 1);
    case 'number':
      return numbers.filter((number) => v.is(schema, number)).slice(0, 1);
    case 'boolean':
      return [true];
    case 'literal':
      return [kept.literal];
    case 'picklist':
      return kept.options ?? [];
    case 'nullable':
      return [...examplesOf(kept.wrapped ?? v.never(), known), null];
    case 'optional':
      return examplesOf(kept.wrapped ?? v.never(), known);
    case 'union':
    case 'variant':
      return (kept.options as Schema[]).flatMap((option) => examplesOf(option, known));
    case 'array':
      return [1, 2, 3, 4, 5].flatMap((length) =>
        examplesOf(kept.item ?? v.never(), known).map((one) => Array(length).fill(one))
      );
    case 'tuple':
    case 'strict_tuple':
      return [(kept.items ?? []).map((item) => examplesOf(item, known)[0])];
    case 'object':
    case 'strict_object':
      return objects(schema, kept.entries ?? {}, known);
    default:
      throw new Error(`an example of ${kept.type} is not known here`);
  }
}

/** The first right one, and it again with each other choice of each field. */
function objects(
  schema: Schema,
  entries: Readonly<Record<string, Schema>>,
  known: ReadonlyMap<Schema, unknown>
): readonly unknown[] {
  const choices = Object.entries(entries).map(
    ([key, entry]) => [key, examplesOf(entry, known)] as const
  );
  const first = Object.fromEntries(choices.map(([key, [value]]) => [key, value]));
  const changed = choices.flatMap(([key, [, ...others]]) =>
    others.map((value) => ({ ...first, [key]: value }))
  );
  return [first, ...changed].filter((one) => v.is(schema, one));
}
