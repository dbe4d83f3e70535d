import { join } from 'node:path';
import type { Durable } from '#server/store/durable/durable.ts';
import type { StoredAccount } from '#server/store/durable/staff.ts';
import { writePrivateFile } from '#server/setup/private-file.ts';
import { readablePassword } from './readable-password.ts';

const staff = [
  { role: 'lead', name: 'Karen', signIn: 'karen' },
  { role: 'counsellor', name: 'Mikkel', signIn: 'mikkel' },
  { role: 'counsellor', name: 'Sofie', signIn: 'sofie' }
] as const;

export interface SignIn {
  readonly role: 'counsellor' | 'lead';
  /** The name that is shown. */
  readonly name: string;
  readonly signIn: string;
  readonly password: string;
  readonly totpSecret: string | null;
}

type MakeAccount = (person: {
  name: string;
  shownName: string;
  role: SignIn['role'];
  password: string;
}) => Promise<StoredAccount>;

/**
 * At the first start of a try-out, makes one lead and two counsellors and writes how they sign in to
 * `try-out.json`. Answers them that once; null at every later start.
 */
export async function makeSignIns(
  folder: string,
  accounts: Durable['accounts'],
  makeAccount: MakeAccount
): Promise<readonly SignIn[] | null> {
  if ((await accounts.count()) > 0) return null;
  const signIns = staff.map((one) => ({ ...one, password: readablePassword(), totpSecret: null }));
  // The file comes first: a kill in between leaves passwords nobody needs, not accounts nobody can open.
  writePrivateFile(
    join(folder, 'try-out.json'),
    JSON.stringify({ accounts: signIns }, null, 2) + '\n'
  );
  await accounts.add(
    await Promise.all(
      signIns.map(({ role, name, signIn, password }) =>
        makeAccount({ name: signIn, shownName: name, role, password })
      )
    )
  );
  return signIns;
}

/** The sign-ins as lines for the terminal. */
export const signInLines = (signIns: readonly SignIn[], folder: string): readonly string[] => [
  'A try-out of Frirum. These people can sign in at /desk (printed this once):',
  ...signIns.map(
    ({ role, signIn, password }) => `  ${role.padEnd(10)}  ${signIn.padEnd(6)}  ${password}`
  ),
  `They are kept in ${join(folder, 'try-out.json')}.`
];
