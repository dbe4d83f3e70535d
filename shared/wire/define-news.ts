import type * as v from 'valibot';

/** Something told unasked; named in the past tense. */
export interface News<Content extends v.GenericSchema = v.GenericSchema> {
  readonly name: string;
  readonly content: Content;
}
export type ContentOf<N extends News> = v.InferOutput<N['content']>;

export const defineNews = <Content extends v.GenericSchema>(
  name: string,
  content: Content
): News<Content> => ({ name, content });
