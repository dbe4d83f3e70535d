import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Server } from 'socket.io';
import { certificatesRevoked } from '#shared/counsellor/calls.ts';
import { teamChanged } from '#shared/counsellor/team-calls.ts';
import { service } from '#shared/klippekort/service.ts';
import { joinBookings } from './app-bookings.ts';
import { joinHouse } from './app-house.ts';
import { serveAttach } from './conversation/attach.ts';
import { readCapability } from './conversation/capability.ts';
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
import { serveQueue } from './queue/serve-queue.ts';
import { withdrawCounsellor } from './queue/withdraw-counsellor.ts';
import { originsOf, type Settings } from './settings.ts';
import { serveShift } from './shift/serve-shift.ts';
import { createSockets, openSockets } from './sockets.ts';
import { serveStatistics } from './statistics/serve-statistics.ts';
import type { Stores } from './store/open-stores.ts';
import { embeddedHouse } from './store/volatile/embedded-house.ts';
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
  limits: Limits = defaultLimits
): Promise<App> {
  const { durable, relay, queue, clock } = stores;
  const house = stores.house ?? embeddedHouse(clock);
  const { once } = house;
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
    inConversation: (account) =>
      attendance.isInConversation(account) || shifts.conversationsOf({ id: account }) > 0,
    once,
    attempts: house.attempts,
    onJoined: teamChangedNow
  });
  const attendance = new Attendance(counsellors);

  const rightOf = async (token: string, from: Connection) => {
    const content = readCapability(token, secret, clock.now() / 1000);
    const isTheirs = content?.role === 'visitor' || content?.account === from.account?.id;
    // A card belongs to the conversation itself, not to a room for two of its people.
    const isOwn = isTheirs && content?.of === null;
    return isOwn && !(await leftAlone.isPassed(content)) ? content : null;
  };
  const klippekort = createKlippekort({
    clips: durable.clips,
    secret,
    clock,
    evaluator: new EvaluationPool(),
    allowance: house.allowance,
    rule: settings.rule,
    service,
    readCapability: rightOf,
    tookPlace: (conversation) => bookings.outcomeOf(conversation),
    isOver: (conversation) => relay.isClosed(conversation),
    onHeld: (conversation, stage) => void room.markStage(conversation, stage).catch(() => {}),
    floor: answersNotSooner
  });
  const bookings = joinBookings({
    ...{ settings, durable, relay, clock, secret, house },
    klippekort: () => klippekort,
    room: () => room
  });
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

  const inHouse = joinHouse({
    ...{ io, relay, queue, house, clock, secret },
    onTold: ({ onShift, waiting }) => {
      openNow = onShift === 0 ? 'closed' : waiting > 0 ? 'busy' : 'open';
    },
    onOver: (conversation) => bookings.conversationOver(conversation)
  });
  const { shifts, room, leftAlone, roster } = inHouse;
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
    serveAttach({ relay, secret, clock, onAttached: inHouse.onAttached }),
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
      once,
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
    away: () => stores.away(),
    wrongServers: () => stores.wrongServers?.() ?? 0
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
        void room.lineLost(connection).catch(() => {});
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
      inHouse.stop();
      enforcement.close();
      attendance.close();
      counsellors.close();
      clearInterval(tidying);
      bookings.stop();
      measures.stop();
      await io.close();
      await house.stop();
      await relay.stop();
      await klippekort.close();
      await durable.close();
    }
  };
}
