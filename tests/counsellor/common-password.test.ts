import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCommonPassword } from '#server/counsellor/common-password.ts';

const own = ['sofie', 'Sofie', 'Ungecentret'];

describe('a long password', () => {
  test.each([
    'passwordpassword',
    'Password12345678',
    'P@ssw0rd!2024!!!!',
    'qwertyuiopasdfgh',
    '1q2w3e4r5t6y7u8i',
    '123456789012345',
    '987654321987654321',
    'aaaaaaaaaaaaaaaa',
    'abcabcabcabcabcd',
    'xkqxkqxkqxkqxkq',
    'sommer2026sommer',
    'Efterår2026!!!!!',
    'Adgangskode1234!',
    'jegelskerdig1234',
    'correct horse battery staple',
    'sofie-frirum-2026',
    'Ungecentret12345'
  ])('that many choose is common: %s', (password) => {
    expect(isCommonPassword(password, own)).toBe(true);
  });

  test.each([
    'mako-dilu-fesa-riro',
    'min hund spiser kun grønne æbler',
    'tordenvejr over jammerbugten',
    'jeg bor ved havet',
    '9f3kq0xmz77plw2',
    'sommerfugle drikker te',
    'ğüzel şehir kırmızı',
    'кошка гуляет одна'
  ])('that few would is not: %s', (password) => {
    expect(isCommonPassword(password, own)).toBe(false);
  });

  test('made by a machine is practically never common', () => {
    const letter = fc.constantFrom(...'abcdefghijkmnpqrstuvwxyz23456789'.split(''));
    const random = fc.array(letter, { minLength: 20, maxLength: 40 });
    const judged = fc.sample(random, 2000).filter((one) => isCommonPassword(one.join(''), own));
    expect(judged.length).toBeLessThan(10);
  });

  test('of whatever characters is judged, never thrown at', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 128 }), (password) => {
        isCommonPassword(password, own);
      })
    );
  });
});
