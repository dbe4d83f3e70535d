// Lists, invites, suspends: what a lead does at /desk/team, for who has the machine.
import { defineCommand } from 'citty';
import * as v from 'valibot';
import { StaffRole } from '#shared/counsellor/role.ts';
import { invitePerson } from '#server/setup/set-up.ts';
import { nameOf } from '#server/counsellor/account.ts';
import { CannotStart } from '#server/store/durable/cannot-start.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import type { StoredAccount } from '#server/store/durable/staff.ts';
import { inStore } from './in-store.ts';

const DAY = 86_400_000;
const name = {
  type: 'positional',
  description: 'The name that colleagues see, or the one that is typed at sign-in',
  required: true
} as const;

const list = defineCommand({
  meta: { name: 'list', description: 'Who is in the team' },
  run: () =>
    inStore(async ({ store }) => {
      for (const person of await store.accounts.all()) console.log(lineOf(person));
    })
});

const invite = defineCommand({
  meta: {
    name: 'invite',
    description: 'Invite somebody: prints a link that works once, for 72 hours'
  },
  args: {
    name: { ...name, description: 'The first name that colleagues and visitors will see' },
    role: {
      type: 'string',
      description: StaffRole.options.join(' | '),
      default: 'counsellor'
    }
  },
  run: ({ args }) =>
    inStore(async ({ store, linkOf, now }) => {
      const role = v.safeParse(StaffRole, args.role);
      if (!role.success) throw new CannotStart(`A role is one of ${StaffRole.options.join(', ')}.`);
      const person = { shownName: args.name, role: role.output };
      const { link } = await invitePerson(store, person, await now());
      console.log(
        `${args.name} opens this link to set up signing in. It works once, for 72 hours:`
      );
      console.log(linkOf(link));
    })
});

const suspend = defineCommand({
  meta: {
    name: 'suspend',
    description: 'Sign somebody out everywhere, and revoke their certificates'
  },
  args: { name },
  run: ({ args }) =>
    inStore(async ({ store }) => {
      const person = await personNamed(args.name, store);
      const outcome = await store.accounts.suspend(person.id);
      if (outcome === 'last-lead')
        throw new CannotStart(`${person.shownName} is the last lead: invite another one first.`);
      if (outcome === 'not-active')
        throw new CannotStart(`${person.shownName} is ${person.state}.`);
      console.log(`${person.shownName} is suspended. A running server notices within two seconds.`);
    })
});

const resume = defineCommand({
  meta: { name: 'resume', description: 'Let somebody sign in again who was suspended' },
  args: { name },
  run: ({ args }) =>
    inStore(async ({ store }) => {
      const person = await personNamed(args.name, store);
      const outcome = await store.accounts.resume(person.id);
      if (outcome === 'not-suspended')
        throw new CannotStart(`${person.shownName} is ${person.state}, not suspended.`);
      if (outcome === 'needs-invitation')
        throw new CannotStart(`${person.shownName} has nothing to sign in with: invite them.`);
      console.log(`${person.shownName} may sign in again. A lead certifies their key anew.`);
    })
});

export const team = defineCommand({
  meta: { name: 'team', description: 'List, invite, suspend' },
  subCommands: { list, invite, suspend, resume }
});

const lineOf = ({ shownName, name, role, state, seenDay }: StoredAccount): string =>
  [
    shownName.padEnd(20),
    role.padEnd(12),
    state.padEnd(10),
    (name ?? '-').padEnd(20),
    seenDay === null ? 'never here' : new Date(seenDay * DAY).toISOString().slice(0, 10)
  ].join(' ');

async function personNamed(typed: string, store: Durable): Promise<StoredAccount> {
  const wanted = nameOf(typed);
  const found = (await store.accounts.all()).filter(
    ({ shownName, name }) => name === wanted || nameOf(shownName) === wanted
  );
  const bySignIn = found.find(({ name }) => name === wanted);
  const person = bySignIn ?? (found.length === 1 ? found[0] : undefined);
  if (person) return person;
  throw new CannotStart(
    found.length === 0
      ? `Nobody is called ${typed}. Run: npm run team -- list`
      : `Several are called ${typed}: use the name that is typed at sign-in.`
  );
}
