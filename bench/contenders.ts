/** What is compared. A contender is a file that starts a server and prints a ready line. */
export interface Contender {
  readonly name: string;
  /** Below `contenders/`. */
  readonly file: string;
  /** How the load generator talks to it. */
  readonly dialect: 'raw-ws' | 'socket.io' | 'socket.io-no-ack' | 'frirum' | 'xmpp';
  readonly measures: readonly Measure[];
  /** Messages of each sender under way at once, when the usual number is not the right one. */
  readonly window?: number;
  /** How many nodes it starts, where that is asked of it. */
  readonly nodes?: number;
  /** What `npm start` gives to Node; the peers run as they come. */
  readonly nodeOptions?: readonly string[];
}

export const measures = ['saturated', 'paced', 'idle'] as const;
export type Measure = (typeof measures)[number];

/** What `npm start` gives Node. */
export const asStarted = ['--min-semi-space-size=16', '--max-semi-space-size=16'];

export const contenders: readonly Contender[] = [
  { name: 'raw-ws', file: 'raw-ws.ts', dialect: 'raw-ws', measures },
  { name: 'socket.io', file: 'socket-io-room.ts', dialect: 'socket.io', measures },
  {
    name: 'socket.io-no-ack',
    file: 'socket-io-room.ts',
    dialect: 'socket.io-no-ack',
    measures: ['saturated']
  },
  // More would only lengthen its queue past the measured time: it gains nothing from what meets.
  { name: 'prosody', file: 'prosody.ts', dialect: 'xmpp', measures, window: 1 },
  {
    name: 'frirum',
    file: 'frirum.ts',
    dialect: 'frirum',
    measures,
    nodeOptions: asStarted
  },
  // Two nodes and a Redis, the parties of each conversation apart; all three are what it costs.
  {
    name: 'socket.io two nodes',
    file: 'socket-io-two-nodes.ts',
    dialect: 'socket.io',
    measures: ['saturated', 'paced']
  },
  {
    name: 'frirum two nodes',
    file: 'frirum-two-nodes.ts',
    dialect: 'frirum',
    measures: ['saturated', 'paced'],
    nodeOptions: asStarted
  }
];
