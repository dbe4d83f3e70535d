import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tellsWho, without, type TellingKind } from '#shared/hint/tells-who.ts';

const shown = ['116111', '70201201'];
const kinds = (text: string) => tellsWho(text, shown).map(({ kind }) => kind);

const telling: readonly (readonly [TellingKind, string])[] = [
  ['phone', 'du kan ringe til mig på 28 47 19 03'],
  ['phone', '28471903'],
  ['phone', 'mit nummer er 2847 1903, skriv'],
  ['phone', 'tlf 28-47-19-03'],
  ['phone', 'ring 28.47.19.03'],
  ['phone', '+45 28471903'],
  ['phone', '+45 28 47 19 03.'],
  ['phone', '0045 2847 1903'],
  ['phone', '004528471903'],
  ['phone', 'skriv til +90 532 123 45 67'],
  ['phone', 'numaram 0532 123 45 67'],
  ['phone', '+46 70-123 45 67'],
  ['phone', 'رقمي ٢٨٤٧١٩٠٣'],
  ['phone', 'my number is +44 7911 123456'],
  ['email', 'sofie.hansen12@gmail.com'],
  ['email', 'min mail er amina@skole.aarhus.dk.'],
  ['cpr', 'mit cpr er 241208-1234'],
  ['cpr', '2412081234'],
  ['cpr', '٢٤١٢٠٨-١٢٣٤'],
  ['cpr', '010190 4321'],
  ['cpr', '840101-1234'.replace('84', '61')],
  ['address', 'jeg bor på Nørrebrogade 112'],
  ['address', 'nørrebrogade 12b, 3. tv'],
  ['address', 'Vi bor Skovvej 4.'],
  ['address', 'Elmehaven 17'],
  ['address', 'jeg bor i 8000 aarhus'],
  ['address', 'jeg bor i 4771 Kalvehave'],
  ['address', '2200 København N'],
  ['address', 'I live at 12 Baker Street'],
  ['name', 'jeg hedder Sofie Hansen'],
  ['name', 'jeg hedder sofie hansen'],
  ['name', 'hej jeg hedder Amina El-Sayed og jeg er 14'],
  ['name', 'mit navn er Jens Peter Holm.'],
  ['name', 'mit fulde navn er noah lund'],
  ['name', 'my name is Emma Brown'],
  ['name', 'Jeg er Sofie Hansen fra 9.b'],
  ['name', "i'm called emma brown"],
  ['handle', '@sofie_k'],
  ['handle', 'min snap er sofie_k09'],
  ['handle', 'på insta hedder jeg sofie.kurt'],
  ['handle', 'discord: noah1209']
];

const ordinary = [
  'vi ses kl. 20:30',
  'kl. 20.30-22.15 i går',
  'fra 20:30 til 22:00',
  'det var den 24-12-2025',
  'den 24.12.2025 skete det',
  '2025-12-24',
  '24/12 eller 25/12-2025',
  'i skoleåret 2024-2025',
  '2024 2025',
  'det kostede 12.500 kr',
  'han skylder 25.000.000 kr',
  'jeg skylder 20000000 kr',
  'jeg er 15 år og går i 9. klasse',
  'jeg er 15',
  'ring 112',
  'jeg har ringet til 116 111',
  'jeg ringede til 70 20 12 01 og ingen svarede',
  '+45 70201201 var optaget',
  'min kode er 123456',
  'står der 482 913 hos dig?',
  'jeg har ramt nummer 3 i køen',
  'jeg er på vej 2 gange om ugen',
  'jeg er på vej 5 minutter til',
  'vi var i børnehaven 2 dage',
  'jeg sad på parkeringsplads 3',
  'vi gik hele vejen 3 km',
  'jeg har plads 4',
  '14 % fravær',
  'jeg røg 3 joints i 2023 og 12 i 2024',
  'jeg hedder ikke noget specielt',
  'jeg hedder Sofie',
  'jeg hedder sofie og er 15',
  'jeg hedder det samme som min far',
  'jeg hedder sofie hader min skole',
  'my name is not important',
  'my name is emma and i am 15',
  'jeg er Sofie',
  'jeg er så træt af det hele',
  'Jeg er Bange',
  'I am Very tired',
  "i'm so tired of this",
  'min snap er væk',
  'instagram er dumt',
  'insta er bare fake',
  'han skrev på snap i går kl 22.15',
  'på tiktok er der 3 videoer',
  'min mor læser min discord',
  'det er @ 20 kr',
  'jeg scorer 7 på en skala fra 0 til 10',
  'hun bor i Aarhus',
  'min far tjener 4000 Hvad gør jeg',
  'jeg har 1200 Kroner',
  '3 gange på 2 dage, 8 timer, 12 år',
  'i 1999 eller 2004',
  'bus 5C og linje 150S',
  'klasse 9.b, lokale 214',
  'أختي تفهمني أكثر من الجميع',
  'على الساعة ٢٠:٣٠',
  'ablam beni anlıyor, saat 20:30',
  '10 20 30 40',
  '1-2-3-4-5-6-7-8',
  '1.000.000 gange'
];

describe('what tells who somebody is', () => {
  test.each(telling)('%s: %s', (kind, text) => expect(kinds(text)).toEqual([kind]));

  test('is found among other words, all of it, in order', () => {
    const text = 'jeg hedder Sofie Hansen, bor Skovvej 4, ring 28 47 19 03 eller s@h.dk';
    expect(kinds(text)).toEqual(['name', 'address', 'phone', 'email']);
    expect(without(text, tellsWho(text))).toBe('jeg hedder …, bor …, ring … eller …');
  });

  test('eight digits are a phone number however they are grouped, and never a page’s own', () => {
    const digits = fc.tuple(
      fc.integer({ min: 30, max: 99 }),
      fc.integer({ min: 32, max: 99 }),
      fc.integer({ min: 10, max: 99 }),
      fc.integer({ min: 10, max: 99 })
    );
    fc.assert(
      fc.property(
        digits,
        fc.constantFrom('', ' ', '-', '.'),
        fc.constantFrom('', '+45 ', '+45', '0045 '),
        (pairs, sign, country) => {
          const number = country + pairs.join(sign);
          expect(kinds(`ring til ${number} nu`)).toEqual(['phone']);
          expect(tellsWho(number, [pairs.join('')])).toEqual([]);
        }
      )
    );
  });

  test('a CPR number is one only with a date in it', () => {
    const two = (n: number) => String(n).padStart(2, '0');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99 }),
        fc.integer({ min: 0, max: 99 }),
        fc.integer({ min: 0, max: 99 }),
        fc.integer({ min: 1000, max: 9999 }),
        (day, month, year, rest) => {
          const own = day > 60 ? day - 60 : day;
          const date = new Date(Date.UTC(2000, month - 1, own));
          const isDate = month >= 1 && month <= 12 && date.getUTCMonth() === month - 1 && own >= 1;
          const found = kinds(`${two(day)}${two(month)}${two(year)}-${rest}`);
          expect(found.includes('cpr')).toBe(isDate);
        }
      )
    );
  });
});

describe('what does not', () => {
  test.each(ordinary)('%s', (text) => expect(kinds(text)).toEqual([]));

  test('times, dates, prices and ages, whatever they are', () => {
    const two = (n: number) => String(n).padStart(2, '0');
    const hour = fc.integer({ min: 0, max: 23 });
    const minute = fc.integer({ min: 0, max: 59 });
    fc.assert(
      fc.property(
        hour,
        minute,
        fc.integer({ min: 1, max: 28 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1950, max: 2049 }),
        fc.integer({ min: 1, max: 99_999 }),
        (h, min, day, month, year, n) => {
          const dates = ['-', '.', '/'].map((sign) => [two(day), two(month), year].join(sign));
          for (const text of [
            `kl. ${two(h)}:${two(min)}`,
            `${two(h)}.${two(min)}-${two(min)}.${two(h)}`,
            ...dates,
            `${n} kr`,
            `${n.toLocaleString('da-DK')} kr.`,
            `jeg er ${n % 100} år`
          ])
            expect(kinds(`det var ${text} igen`)).toEqual([]);
        }
      )
    );
  });
});

test('whatever is written, it ends soon, and what is left out is gone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      const found = tellsWho(text);
      for (const [at, { from, to }] of found.entries())
        expect(from < to && to <= text.length && from >= (found[at - 1]?.to ?? 0)).toBe(true);
      expect(without(text, found).length).toBeLessThanOrEqual(text.length);
    })
  );
  for (const part of [
    '2',
    'a',
    'a.',
    '28 ',
    'snap er ',
    'jeg hedder a ',
    '@a.',
    '0 ',
    'vej ',
    '+4 ',
    'x@y.'
  ]) {
    const began = performance.now();
    tellsWho(part.repeat(Math.floor(16_000 / part.length)));
    expect(performance.now() - began, part).toBeLessThan(400);
  }
});
