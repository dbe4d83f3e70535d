interface Rule {
  readonly says: string;
  readonly words: RegExp;
  readonly where: RegExp;
  readonly but?: string;
}

const rules: readonly Rule[] = [
  {
    says: 'reads the environment',
    words: /\bprocess\s*(?:\.|\[['"])env\b|\{[^}]*\benv\b[^}]*\}\s*from\s*'node:process'/,
    where: /^(?:server|shared|web)\//,
    but: 'server/settings.ts'
  },
  {
    // Across nodes each of these sends what the handshake said through Redis, or cannot be undone.
    says: 'reaches into the sockets of other nodes',
    words: /\b(?:fetchSockets|socketsJoin|socketsLeave|disconnectSockets|serverSideEmit)\b/,
    where: /^server\//
  }
];

/** Which lines of a file say what only one other place, or none, may say. */
export function mayNotIn(path: string, text: string): string[] {
  return rules
    .filter(({ where, but }) => where.test(path) && path !== but)
    .flatMap(({ says, words }) =>
      text
        .split('\n')
        .flatMap((line, at) => (words.test(line) ? [`${path}:${at + 1} ${says}`] : []))
    );
}
