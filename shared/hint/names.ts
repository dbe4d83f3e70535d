import type { Telling } from './tells-who.ts';

const phrase =
  /(?:jeg hedder|(?:mit|min) (?:fulde |rigtige )?navn (?:er|:)|jeg er|my (?:full |real )?name is|my name'?s|i am called|i'?m called|i am|i'm|benim ad[ıi]m|ad[ıi]m|اسمي)\s+/giu;
/** After these two capitals are needed: "jeg er" goes on in a thousand ways. */
const weak = /^(?:jeg er|i am|i'm)\s+$/i;
const word = /^\p{L}[\p{L}'’-]*/u;
const capital = /^\p{Lu}\p{Ll}/u;
/** What follows a name, when the name ends there. */
const ends = /^\s*(?:$|[.,!?;:()\n]|(?:og|and|fra|from|ve)\s)/iu;
/** Words that go on with the sentence instead of being a name. */
const ordinary = new Set(
  'og eller men ikke fordi så i på for også det den de der som bare lige her til med altså er har kan vil skal min mit mine din hun han jeg du vi tak hej lol haha noget ingenting stadig faktisk aldrig nu selv and or but not because so in on the a an that just here to with is has can my your she he you we thanks hi still actually never now very really from fra ve'.split(
    ' '
  )
);

/** A first and a last name after "jeg hedder", "my name is" and their like. A first name alone tells nothing. */
export function* fullNames(text: string): Generator<Telling> {
  for (const match of text.matchAll(phrase)) {
    const from = match.index + match[0].length;
    const names: string[] = [];
    let to = from;
    for (let rest = text.slice(from); names.length < 4; rest = text.slice(to)) {
      const gap = names.length > 0 ? (/^[ \t]+/.exec(rest)?.[0].length ?? 0) : 0;
      const [name] = word.exec(rest.slice(gap)) ?? [];
      if (!name || (names.length > 0 && gap === 0) || ordinary.has(name.toLowerCase())) break;
      if (names.length > 1 && !capital.test(name) && !ends.test(rest.slice(gap + name.length)))
        break;
      names.push(name);
      to += gap + name.length;
    }
    const capitals = names.filter((name) => capital.test(name)).length;
    const isName = capitals >= 2 || (!weak.test(match[0]) && ends.test(text.slice(to)));
    if (names.length >= 2 && isName) yield { kind: 'name', from, to };
  }
}
