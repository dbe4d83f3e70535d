/** Where a card is, and what may be done with it, as the pages show it. */
export interface CardView {
  /** none: no card yet. open: clips left. pending: the fifth is used and a decision is due. decided: it was taken. */
  readonly stage: 'none' | 'open' | 'pending' | 'decided';
  /** Clips left of `limit`; the first conversation counts as one. */
  readonly clipsLeft: number;
  readonly limit: number;
  /** This tab only (gone when it is closed), or this device. */
  readonly keptIn: 'tab' | 'device';
  /** The code to write down, in groups of four, while it is shown. */
  readonly code: string | null;
  /** A clip was punched a moment ago: the card may move. */
  readonly justPunched: boolean;
  /** A clip was held for a conversation that did not take place, and came back. */
  readonly justReturned: boolean;
  /** What stands in the way of the last thing asked for, e.g. `not-a-card`, `mistyped`, `spent`, `no-camera`. */
  readonly refusal: string | null;
  /** The decision that was taken, once `decided`. */
  readonly decision: DecisionKind | null;
  keep(where: 'tab' | 'device'): void;
  showCode(): void;
  hideCode(): void;
  /** Saves a picture that looks like an old train ticket, with the QR code in its print. */
  savePicture(): void;
  importCode(typed: string): void;
  importPicture(file: File): void;
  /** Reads from the camera into this video element until a card is seen or stopped. */
  scan(video: HTMLVideoElement): { stop(): void };
  forget(): void;
  /** Within ten seconds of throwing it away. */
  undoForget(): void;
  readonly canUndoForget: boolean;
}

export type DecisionKind = 'inform' | 'involve' | 'continue-known' | 'stop' | 'not-safe';
