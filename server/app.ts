import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Server } from 'socket.io';
import { certificatesRevoked } from '#shared/counsellor/calls.ts';
import { teamChanged } from '#shared/counsellor/team-calls.ts';
import { service } from '#shared/klippekort/service.ts';
import { visitorTaken } from '#shared/queue/calls.ts';
import { joinBookings } from './app-bookings.ts';
import type { Clock } from './clock.ts';
import { serveAttach } from './conversation/attach.ts';
import { readCapability, type CapabilityContent } from './conversation/capability.ts';
import { serveReportTookPlace } from './conversation/report-took-place.ts';
import { serveEndConversation } from './conversation/end-conversation.ts';
import { Attendance } from './counsellor/attendance.ts';
import { createCounsellors, makeAccount, type Counsellors } from './counsellor/counsellors.ts';
import { Certificates } from './counsellor/certificates.ts';
import { Enforcement } from './counsellor/enforcement.ts';
import { revokedRoute } from './counsellor/revoked-route.ts';
import { serveCertificates } from './counsellor/serve-certificate.ts';
import { serveTeam } from './counsellor/serve-team.ts';
import { createMeasures, type Measures } from './health/measures.ts';
import { createHttp, createHttpServer, headSocketAnswers } from './http.ts';
import { EvaluationPool } from './klippekort/evaluation-pool.ts';
import { clipRoutes } from './klippekort/clip-routes.ts';
import { createKlippekort } from './klippekort/klippekort.ts';
import { loadPages } from './pages/load-pages.ts';
import type { OpenNow } from './pages/page.ts';
import { servePhrases } from './phrases/serve-phrases.ts';
import { LeftAlone } from './queue/left-alone.ts';
import { mostConversations, serveQueue } from './queue/serve-queue.ts';
import { WaitingRoom } from './queue/waiting-room.ts';
import { withdrawCounsellor } from './queue/withdraw-counsellor.ts';
import { createRoster } from './roster/roster.ts';
import { originsOf, type Settings } from './settings.ts';
import { serveShift } from './shift/serve-shift.ts';
import { Shifts } from './shift/shifts.ts';
import { createSockets, openSockets } from './sockets.ts';
import { serveStatistics } from './statistics/serve-statistics.ts';
import type { Stores } from './store/open-stores.ts';
import { openOrganisation } from './setup/open-organisation.ts';
import { makeSignIns, type SignIn } from './try-out/sign-ins.ts';
import type { Connection } from './wire/connection.ts';
import { defaultLimits, type Limits } from './wire/limits.ts';
import { Door } from './wire/serve.ts';

const oneDay = 86_400_000;
/** Milliseconds: an answer about a clip says nothing by its time. */
const answersNotSooner = 120;

export interface App {
  readonly http: http.Server;
  readonly io: Server;
  /** Every call that is answered, for the test that each declares what it must. */
  readonly calls: Door['calls'];
  /** The sign-ins of a try-out, once: at its first start. */
  readonly signIns: readonly SignIn[] | null;
  readonly measures: Measures;
  /**
   * This member of staff has to stop now: signed out everywhere, their sockets closed, and whoever they
   * were talking with stands in the queue again, at the old place.
   */
  withdrawCounsellor(account: string): Promise<void>;
  /** From now on `/readyz` answers 503. */
  retire(): void;
  close(): Promise<void>;
}

/** Builds the whole service out of its parts; the only place where features meet. */
export async function createApp(
  settings: Settings,
  stores: Stores,
  clock: Clock,
  limits: Limits = defaultLimits
): Promise<App> {
  const { durable, relay } = stores;
  const secret = durable.secret();
  const organisation = await openOrganisation(settings, durable, clock.now());
  const isTryOut = organisation.issue !== null;
  const signIns = isTryOut
    ? await makeSignIns(settings.dataFolder, durable.accounts, makeAccount)
    : null;

  const allowedOrigins = () => {
    const { port } = (server.address() as AddressInfo | null) ?? settings;
    return originsOf(settings, port);
  };
  const isAllowedOrigin = (origin: string | undefined) => allowedOrigins().includes(origin ?? '');
  const teamChangedNow = () => void io.to('leads').emit(teamChanged.name, {});
  const counsellors: Counsellors = createCounsellors({
    store: durable,
    clock,
    organisation: organisation.name,
    origin: settings.origin,
    allowedOrigins,
    inConversation: (account) => attendance.isInConversation(account),
    onJoined: teamChangedNow
  });
  const attendance = new Attendance(counsellors);

  const rightOf = (token: string, from: Connection) => {
    const content = readCapability(token, secret, clock.now() / 1000);
    const isTheirs = content?.role === 'visitor' || content?.account === from.account?.id;
    // A card belongs to the conversation itself, not to a room for two of its people.
    const isOwn = isTheirs && content?.of === null;
    return isOwn && !leftAlone.isPassed(content) ? content : null;
  };
  const klippekort = createKlippekort({
    clips: durable.clips,
    secret,
    clock,
    evaluator: new EvaluationPool(),
    rule: settings.rule,
    service,
    readCapability: rightOf,
    tookPlace: (conversation) => bookings.outcomeOf(conversation),
    isOver: (conversation) => relay.isClosed(conversation),
    onHeld: (conversation, stage) => void room.markStage(conversation, stage),
    floor: answersNotSooner
  });
  const bookings = joinBookings({
    ...{ settings, durable, relay, clock, secret },
    klippekort: () => klippekort,
    room: () => room
  });
  relay.onOver = (conversation) => {
    leftAlone.over(conversation);
    if (!roster.pairs.isPair(conversation))
      void bookings.conversationOver(conversation).catch(() => {});
    roster.over(conversation);
  };
  stores.queue.onForgotten = (conversation) => void relay.close(conversation);
  const manifest = async () => organisation.signClipKeys(service, await klippekort.publicKeys());
  void klippekort.tidy().catch(() => {});
  const tidying = setInterval(() => void klippekort.tidy().catch(() => {}), oneDay).unref();

  let isRetired = false;
  let openNow: OpenNow = 'closed';
  const server = createHttpServer(
    createHttp({
      pages: loadPages(settings.buildFolder, {
        organisation: organisation.publicKey,
        tryOut: settings.tryOut,
        exit: settings.exitUrl,
        rule: { limit: settings.rule.limit, holders: settings.rule.holders },
        ruleSource: settings.ruleSource,
        organisationName: organisation.name,
        accessContact: settings.accessContact
      }),
      build: settings.buildFolder,
      desk: express
        .Router()
        .use(
          counsellors.routes,
          revokedRoute(durable.certificates, clock),
          clipRoutes({ klippekort, manifest }),
          bookings.routes
        ),
      openNow: () => openNow,
      notReady: () => (isRetired ? 'stopping' : stores.away()),
      exitUrl: settings.exitUrl,
      https: settings.origin !== null
    })
  );
  const io = createSockets(server, isAllowedOrigin, limits);
  headSocketAnswers(server, settings.origin !== null);

  const shifts = new Shifts(clock);
  const room = new WaitingRoom(io, stores.queue, shifts, clock);
  const leftAlone = new LeftAlone({ relay, room, clock });
  leftAlone.onReturned = (conversation) => roster.over(conversation);
  shifts.onChanged = () => room.changed();
  room.onTold = ({ onShift, waiting }) => {
    openNow = onShift === 0 ? 'closed' : waiting > 0 ? 'busy' : 'open';
  };

  /** A side has taken its place: nobody waits for it any more. */
  const onAttached = (
    content: CapabilityContent,
    { account }: Connection,
    { talked, otherHere }: { readonly talked: boolean; readonly otherHere: boolean }
  ) => {
    const { conversation, role, of } = content;
    if (of) {
      roster.pairs.know(of, conversation);
      const isColleague = role === 'counsellor' && account && content.account === account.id;
      const onSat = (step: 1 | -1) => account && shifts.count(account, step);
      return isColleague ? leftAlone.colleagueCame(of, account.id, onSat) : () => {};
    }
    if (role === 'visitor') leftAlone.visitorCame(content, talked, otherHere);
    if (role === 'visitor' || !account) return () => {};
    const onGone = leftAlone.counsellorCame(content);
    // After a restart the visitor may be back in the queue before the counsellor is back here.
    room.connectionOf(conversation)?.tell(visitorTaken, {});
    void room.leave(conversation);
    shifts.count(account, 1);
    return (silentFor: number) => {
      onGone(silentFor);
      shifts.count(account, -1);
    };
  };

  const isPassed = (content: CapabilityContent) => leftAlone.isPassed(content);
  const roster = createRoster({ relay, shifts, isPassed, secret, clock, mostConversations });
  const signOut = (account: string) => counsellors.signOut(account);
  const withdraw = (account: string) => withdrawCounsellor(account, { leftAlone, shifts, signOut });
  const certificates = new Certificates(durable, organisation, clock);
  const enforcement = new Enforcement({
    store: durable,
    attendance,
    holding: () => leftAlone.accounts(),
    withdrawCounsellor: withdraw,
    tellRevoked: (serials) => void io.emit(certificatesRevoked.name, { serials }),
    teamChanged: teamChangedNow
  });

  const door = new Door([
    ...serveQueue({ room, leftAlone, relay, shifts, secret, clock, work: bookings.work }),
    ...serveShift(shifts, room),
    serveAttach({ relay, secret, clock, onAttached }),
    serveEndConversation({ relay }),
    serveReportTookPlace({ relay, baseOf: (pair) => roster.pairs.baseOf(pair) }),
    ...roster.served,
    ...klippekort.served,
    ...bookings.served,
    ...servePhrases(durable.phrases),
    ...serveStatistics({
      counters: durable.counters,
      clock,
      rightOf,
      relay
    }),
    ...serveCertificates({ certificates, attendance, teamChanged: teamChangedNow }),
    ...serveTeam({
      store: durable,
      certificates,
      clock,
      isFresh: (session) => counsellors.isFresh(session),
      signOut: (account) => counsellors.signOut(account),
      enforce: () => enforcement.enforce(),
      teamChanged: teamChangedNow
    })
  ]);

  const measures = createMeasures({
    sockets: () => io.engine.clientsCount,
    onShift: () => shifts.onShift,
    waiting: async () => (await room.house()).waiting,
    conversations: () => shifts.conversations,
    away: () => stores.away()
  });
  openSockets(io, {
    door,
    onDelivered: measures.delivered,
    limits,
    sessionOf: (cookie) => counsellors.sessionOf(cookie),
    onCome: (connection) => {
      const leave = attendance.come(connection);
      if (connection.account?.role === 'lead') void connection.socket.join('leads');
      return () => {
        leave();
        if (connection.account) shifts.closeDesk(connection.account, connection);
        void room.lineLost(connection);
      };
    }
  });

  return {
    http: server,
    io,
    calls: door.calls,
    signIns,
    measures,
    withdrawCounsellor: withdraw,
    retire: () => (isRetired = true),
    close: async () => {
      room.stop();
      roster.stop();
      enforcement.close();
      leftAlone.stop();
      attendance.close();
      counsellors.close();
      clearInterval(tidying);
      bookings.stop();
      measures.stop();
      await io.close();
      await relay.stop();
      await klippekort.close();
      await durable.close();
    }
  };
}
