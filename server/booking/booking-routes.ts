import { brotliCompressSync, constants } from 'node:zlib';
import express, { type Request, type Response, type Router } from 'express';
import { bookingWeekPath } from '#shared/booking/calls.ts';
import type { Booking } from './booking.ts';

/** Kept: the weeks people look at. */
const mostKept = 16;

/**
 * The free slots of a week, compressed: the same for everybody who asks, so asking says nothing. It is not
 * to be stored: a slot that is gone must not come back, and a browser keeps no trace of having looked.
 */
export function bookingRoutes({ week, office }: Booking): Router {
  const kept = new Map<string, { turn: string; json: Buffer; brotli: Buffer }>();

  const packed = async (monday: string) => {
    const { turn } = office.free;
    const known = kept.get(monday);
    if (known?.turn === turn) return known;
    const found = await week(monday);
    if (!found) return null;
    const json = Buffer.from(JSON.stringify(found));
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_SIZE_HINT]: json.length
    };
    const made = { turn, json, brotli: brotliCompressSync(json, { params }) };
    if (kept.size >= mostKept) kept.clear();
    kept.set(monday, made);
    return made;
  };

  return express
    .Router()
    .get(`${bookingWeekPath}:monday`, async (request: Request, response: Response) => {
      const { monday } = request.params;
      const made = await packed(String(monday));
      if (!made) {
        response.status(404).json({ refusal: 'no-such-week' });
        return;
      }
      const takesBrotli = request.acceptsEncodings('br') === 'br';
      response.set({ 'Content-Type': 'application/json', Vary: 'Accept-Encoding' });
      if (takesBrotli) response.set('Content-Encoding', 'br');
      response.end(takesBrotli ? made.brotli : made.json);
    });
}
