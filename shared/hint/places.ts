import type { Telling, TellingKind } from './tells-who.ts';

const street =
  /(?<!\p{L})\p{L}{2,30}(?:vej|vejen|gade|gaden|allé|alle|alléen|stræde|strædet|boulevard|parken|vænget|bakken|toften|krogen|haven|gården|lunden|marken|engen|stien|vang|(?<!arbejds|lege|parkerings|praktik|lære|studie)plads),?\s+(?:nr\.?\s*)?\d{1,3}(?:\s?[a-z](?!\p{L}))?(?![\d.:,]*\d)(?!\s*(?:gange|dage|timer|min|sek|år|uger|måneder|kr|%|km|m(?!\p{L})))/giu;
const englishStreet = /(?<!\d)\d{1,4}[a-z]?\s+\p{L}{3,20}\s(?:street|road|avenue|lane)(?!\p{L})/giu;
/** A postcode with a town everybody knows, or with any after "I live in" and at the end of an address. */
const town =
  /(?<![\d.,])[1-9]\d{3}\s+(?:københavn|kbh|copenhagen|frederiksberg|aarhus|århus|odense|aalborg|esbjerg|randers|kolding|horsens|vejle|roskilde|herning|silkeborg|hørsholm|helsingør|næstved|viborg|fredericia|køge|holstebro|taastrup|slagelse|hillerød|sønderborg|svendborg|hjørring|holbæk|ringsted|haderslev|skive|nykøbing|glostrup|ballerup|hvidovre|rødovre|vanløse|valby|brønshøj|kastrup|kalundborg|thisted|aabenraa|rønne)(?!\p{L})/giu;
const anyTown = /(?<=(?:\bbor i|\bbor|live in|,)\s+)[1-9]\d{3}\s+\p{Lu}\p{L}{2,20}/gu;

const apps = '(?:snap(?:chat)?|insta(?:gram)?|tik ?tok|discord|ig|telegram|messenger|facebook|fb)';
const at = /(?<![\p{L}\d._%+-])@[\p{L}\d_](?:[\p{L}\d_.]{1,29})/gu;
/** What looks like a name made for an app: a digit, a line or a dot within. */
const made = String.raw`(?=[\p{L}._]*[\d_]|\p{L}+\.\p{L})[\p{L}\d][\p{L}\d_.]{2,29}`;
const onApp = new RegExp(
  String.raw`(?<!\p{L})${apps}(?:\s?(?:navn|name|id|er|is|hedder|jeg|på|:|=|-))*\s*(${made})`,
  'giu'
);

const all = (text: string, kind: TellingKind, pattern: RegExp): Telling[] =>
  [...text.matchAll(pattern)].map(({ 0: whole, 1: part = whole, index }) => {
    const from = index + whole.length - part.length;
    return { kind, from, to: index + whole.length };
  });

/** A street with its number; a postcode with its town. */
export const addresses = (text: string): readonly Telling[] => [
  ...all(text, 'address', street),
  ...all(text, 'address', englishStreet),
  ...all(text, 'address', town),
  ...all(text, 'address', anyTown)
];

/** What somebody is called on an app. */
export const handles = (text: string): readonly Telling[] => [
  ...all(text, 'handle', at),
  ...all(text, 'handle', onApp)
];
