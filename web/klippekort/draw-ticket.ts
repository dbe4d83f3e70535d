import { type Clip, clipsOf, HOLE_RADIUS, holePath } from './holes.ts';
import { height, ink, printClips, printEngine, printPaper, stub, width } from './ticket-print.ts';

/** What is printed on the ticket; nothing on its face says what it is for. */
export interface TicketWords {
  readonly title: string;
  readonly way: string;
  readonly travelClass: string;
  readonly bearer: string;
  readonly keep: string;
  readonly direction: 'ltr' | 'rtl';
}
export interface Ticket {
  /** Crockford digits without hyphens: the QR code holds them and nothing else. */
  readonly code: string;
  readonly clipsLeft: number;
  readonly limit: number;
}

/** Draws the ticket. @returns a PNG of 1280 × 720 whose holes are holes */
export async function drawTicket(ticket: Ticket, words: TicketWords): Promise<Blob> {
  const { encodeQR } = await import('qr');
  // Four modules of quiet around the code, as readers ask for.
  const modules = encodeQR(ticket.code, 'raw', { ecc: 'quartile', border: 4 });
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('this browser draws no pictures');

  const clips = clipsOf(ticket.limit, ticket.clipsLeft);
  const row = rowMatrix(clips);
  if (words.direction === 'rtl') pen.setTransform(-1, 0, 0, 1, width, 0);
  cutPaper(pen, clips, row);
  printPaper(pen);
  printClips(pen, clips, row);
  printEngine(pen);
  pen.resetTransform();
  printCode(pen, modules, words.direction);
  printWords(pen, words, clips, row);

  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png')
  );
}

/** From the units of the clips to the ticket: as large as the row has room. */
function rowMatrix(clips: readonly Clip[]): DOMMatrix {
  const first = (clips[0]?.x ?? 0) - HOLE_RADIUS;
  const span = (clips.at(-1)?.x ?? 0) + HOLE_RADIUS - first;
  const scale = Math.min(2.4, 656 / span);
  return new DOMMatrix()
    .translate(74 - first * scale, 478 - (clips[0]?.y ?? 0) * scale)
    .scale(scale);
}

/** Everything that is paper: the pen draws nowhere else. */
function cutPaper(pen: CanvasRenderingContext2D, clips: readonly Clip[], row: DOMMatrix): void {
  const edge = new Path2D();
  edge.roundRect(8, 8, width - 16, height - 16, 34);
  pen.clip(edge);
  const around = new Path2D();
  around.rect(0, 0, width, height);
  for (const y of [8, height - 8]) {
    around.moveTo(stub + 20, y);
    around.arc(stub, y, 20, 0, 2 * Math.PI);
  }
  for (const clip of clips) if (clip.isPunched) around.addPath(new Path2D(holePath(clip)), row);
  pen.clip(around, 'evenodd');
}

/** Dark on a pale field, whole pixels to a module; never mirrored, as no reader could read that. */
function printCode(
  pen: CanvasRenderingContext2D,
  modules: readonly (readonly boolean[])[],
  direction: TicketWords['direction']
): void {
  const size = Math.floor(410 / modules.length);
  const side = size * modules.length;
  const edge = Math.round((width - 8 - stub - side) / 2);
  const left = direction === 'rtl' ? 8 + edge : stub + edge;
  const top = Math.round((height - side) / 2);
  pen.fillStyle = '#fff6e8';
  pen.beginPath();
  pen.roundRect(left, top, side, side, 14);
  pen.fill();
  pen.fillStyle = '#24130a';
  modules.forEach((line, y) =>
    line.forEach((isDark, x) => {
      if (isDark) pen.fillRect(left + x * size, top + y * size, size, size);
    })
  );
}

function printWords(
  pen: CanvasRenderingContext2D,
  words: TicketWords,
  clips: readonly Clip[],
  row: DOMMatrix
): void {
  const rtl = words.direction === 'rtl';
  const at = (x: number) => (rtl ? width - x : x);
  const serif = "Georgia, 'Times New Roman', 'Noto Serif', serif";
  pen.direction = words.direction;
  pen.textAlign = 'start';
  pen.textBaseline = 'alphabetic';
  pen.fillStyle = ink;
  const write = (text: string, x: number, y: number, size: number, weight = 400, room = 660) => {
    pen.font = `${weight} ${size}px ${serif}`;
    pen.fillText(text, at(x), y, room);
  };
  write(words.title, 70, 170, 116, 700, 460);
  write(words.way, 74, 244, 50, 700, 460);
  write(words.bearer, 74, 312, 36, 400, 470);
  write(words.keep, 74, 640, 30);
  pen.textAlign = 'end';
  write(words.travelClass, 728, 112, 36, 700, 220);
  pen.textAlign = 'center';
  for (const clip of clips)
    if (!clip.isPunched) {
      const { x, y } = row.transformPoint(clip);
      write(String(clip.number), x, y + 15, 44, 700);
    }
}
