import type { Call, RequestOf } from '#shared/wire/define-call.ts';
import type { Asked } from '../wire/line.ts';

/** Asks one call of the house, over whatever line there is. */
export type AskHouse = <C extends Call>(call: C, request: RequestOf<C>) => Promise<Asked<C>>;
