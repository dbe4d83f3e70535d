/** A code as it was typed, in the groups it is written down in: capitals, 0 for O, 1 for I and L. */
export const codeGroups = (typed: string): readonly string[] =>
  typed
    .toUpperCase()
    .replaceAll(/[\s\p{P}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
    .match(/.{1,4}/gu) ?? [];
