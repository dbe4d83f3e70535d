import {
  inviteToTeam,
  listTeam,
  resetPerson,
  resumePerson,
  revokeCertificate,
  suspendPerson,
  withdrawInvitation,
  type Person
} from '#shared/counsellor/team-calls.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { Clock } from '#server/clock.ts';
import { invitePerson } from '#server/setup/set-up.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import type { Connection } from '#server/wire/connection.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import type { Certificates } from './certificates.ts';
import { newInvitation } from './invitation.ts';

interface Needs {
  readonly store: Pick<Durable, 'accounts' | 'invitations' | 'certificates'>;
  readonly certificates: Certificates;
  readonly clock: Clock;
  /** Whether this session has proved just now that it is who it says. */
  readonly isFresh: (session: string) => Promise<boolean>;
  readonly signOut: (account: string) => Promise<void>;
  /** Makes what was written come true: sockets close, conversations are given back, everybody is told. */
  readonly enforce: () => Promise<void>;
  readonly teamChanged: () => void;
}

/** What a lead does with the team. */
export function serveTeam(needs: Needs): Served[] {
  const { store, clock, enforce, teamChanged } = needs;
  const isFresh = async ({ account }: Connection) =>
    account !== null && needs.isFresh(account.session);

  return [
    serve(listTeam, async (_, { account }) =>
      accept({ people: await peopleIn(needs), you: account?.id ?? '' })
    ),
    serve(inviteToTeam, async (person, from) => {
      if (!(await isFresh(from))) return refuse('step-up-needed');
      const invitation = await invitePerson(store, person, clock.now());
      teamChanged();
      return accept(invitation);
    }),
    serve(withdrawInvitation, async ({ id }) => {
      if (!(await store.accounts.withId(id))) return refuse('unknown-person');
      const outcome = await store.invitations.withdraw(id);
      if (outcome !== 'withdrawn') return refuse(outcome);
      teamChanged();
      return accept({});
    }),
    serve(suspendPerson, async ({ id }, from) => {
      if (!(await isFresh(from))) return refuse('step-up-needed');
      if (!(await store.accounts.withId(id))) return refuse('unknown-person');
      const outcome = await store.accounts.suspend(id);
      if (outcome !== 'suspended') return refuse(outcome);
      await enforce();
      return accept({});
    }),
    serve(resumePerson, async ({ id }, from) => {
      if (!(await isFresh(from))) return refuse('step-up-needed');
      if (!(await store.accounts.withId(id))) return refuse('unknown-person');
      const outcome = await store.accounts.resume(id);
      if (outcome !== 'resumed') return refuse(outcome);
      teamChanged();
      return accept({});
    }),
    serve(resetPerson, async ({ id }, from) => {
      if (!(await isFresh(from))) return refuse('step-up-needed');
      const { stored, link } = newInvitation(clock.now());
      const outcome = await store.invitations.reset(id, stored);
      if (outcome !== 'reset') return refuse(outcome);
      await enforce();
      return accept({ id, link, expires: stored.expiresAt });
    }),
    serve(revokeCertificate, async (which, from) => {
      if (!(await isFresh(from))) return refuse('step-up-needed');
      const revoked = await store.certificates.revoke(which);
      if (revoked.length === 0) return refuse('unknown-certificate');
      await enforce();
      for (const account of new Set(revoked.map((one) => one.account)))
        await needs.signOut(account);
      return accept({});
    })
  ];
}

async function peopleIn({ store, certificates }: Needs): Promise<Person[]> {
  const issued = Map.groupBy(await store.certificates.all(), ({ account }) => account);
  const awaited = new Set((await store.certificates.requests()).map(({ account }) => account));
  const invited = await store.invitations.open();
  return (await store.accounts.all()).map(({ id, shownName, role, state, seenDay }) => ({
    id,
    shownName,
    role,
    state,
    lastSeenDay: seenDay,
    invitedUntil: invited.get(id) ?? null,
    certificate: certificates.stateOf(issued.get(id) ?? [], awaited.has(id))
  }));
}
