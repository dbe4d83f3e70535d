import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTicketCode, ticketCodeLength, writeTicketCode } from '#shared/booking/ticket-code.ts';
import { readCode } from '#shared/klippekort/card-code.ts';

const ticket = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('a ticket written down is read back, in capitals or not, with spaces or without', () => {
  fc.assert(
    fc.property(ticket, (bytes) => {
      const code = writeTicketCode(bytes);
      expect(code).toHaveLength(ticketCodeLength);
      const typed = code
        .toLowerCase()
        .replaceAll(/(.{4})/g, '$1 ')
        .replaceAll('0', 'o');
      expect(readTicketCode(typed)).toEqual({ ok: true, ticket: bytes });
    })
  );
});

test('one wrong character, or two neighbours exchanged, never open another booking', () => {
  const at = fc.nat(ticketCodeLength - 2);
  fc.assert(
    fc.property(ticket, at, fc.integer({ min: 1, max: 31 }), (bytes, place, by) => {
      const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
      const code = writeTicketCode(bytes).split('');
      const wrong = letters[(letters.indexOf(code[place] ?? '') + by) % 32] ?? '';
      expect(readTicketCode(code.with(place, wrong).join('')).ok).toBe(false);
      const [one = '', other = ''] = code.slice(place);
      if (one === other) return;
      const exchanged = code
        .with(place, other)
        .with(place + 1, one)
        .join('');
      expect(readTicketCode(exchanged)).toEqual({ ok: false, refusal: 'wrong-digit' });
    })
  );
});

test('a ticket is no card', () => {
  fc.assert(
    fc.property(ticket, (bytes) => {
      expect(readCode(writeTicketCode(bytes), Date.now()).ok).toBe(false);
    })
  );
});
