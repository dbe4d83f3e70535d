import { waves, waveTile } from './guilloche.ts';
import { type Clip, HOLE_RADIUS, holePath } from './holes.ts';

/** What is printed on every ticket: paper, frame, clips and engine. In pixels of the picture. */

export const width = 1280;
export const height = 720;
/** Where the ticket ends and its stub with the code begins. */
export const stub = 800;
export const ink = '#3a1f08';

export function printPaper(pen: CanvasRenderingContext2D): void {
  pen.fillStyle = '#f4bd84';
  pen.fillRect(0, 0, width, height);
  printWaves(pen, 1, '#e3a263');
  printWaves(pen, -1, '#ecb074');

  pen.strokeStyle = '#9a4f10';
  for (const [inset, weight] of [
    [34, 4],
    [44, 1.5]
  ] as const) {
    pen.lineWidth = weight;
    pen.beginPath();
    pen.roundRect(inset, inset, stub - 2 * inset, height - 2 * inset, 50 - inset);
    pen.stroke();
  }
  pen.lineWidth = 5;
  pen.lineCap = 'round';
  pen.setLineDash([0.1, 17]);
  pen.beginPath();
  pen.moveTo(stub, 48);
  pen.lineTo(stub, height - 40);
  pen.stroke();
  pen.setLineDash([]);
}

function printWaves(pen: CanvasRenderingContext2D, side: 1 | -1, colour: string): void {
  const wave = new Path2D(waves);
  pen.save();
  pen.scale(2.6 * side, 2.6);
  pen.strokeStyle = colour;
  pen.lineWidth = 0.6;
  for (let x = -waveTile.width; x < width / 2.6 + waveTile.width; x += waveTile.width)
    for (let y = 0; y < height / 2.6; y += waveTile.height) {
      pen.save();
      pen.translate(x * side, y);
      pen.stroke(wave);
      pen.restore();
    }
  pen.restore();
}

export function printClips(
  pen: CanvasRenderingContext2D,
  clips: readonly Clip[],
  row: DOMMatrix
): void {
  pen.save();
  pen.transform(row.a, row.b, row.c, row.d, row.e, row.f);
  pen.strokeStyle = ink;
  for (const clip of clips) {
    pen.lineWidth = clip.isPunched ? 1 : 1.3;
    pen.setLineDash(clip.isPunched ? [] : [4.5, 3.1]);
    const ring = new Path2D();
    ring.arc(clip.x, clip.y, HOLE_RADIUS, 0, 2 * Math.PI);
    pen.stroke(clip.isPunched ? new Path2D(holePath(clip)) : ring);
  }
  pen.restore();
}

/** A small engine with its smoke, as tickets had. */
export function printEngine(pen: CanvasRenderingContext2D): void {
  pen.save();
  pen.translate(574, 152);
  pen.scale(6.4, 6.4);
  pen.lineWidth = 0.9;
  pen.lineJoin = 'round';
  pen.strokeStyle = ink;
  pen.stroke(
    new Path2D(
      'M2 6h8M3 6v12h1M9 6v5h9.5a3 3 0 0 1 3 3v4M9 11v7M5 8.5h2v2.5H5ZM17 11V7.5h-1.5h4H18V11M12.5 11V9.5h2V11M9.5 18h1M15.5 18h1M21.5 18l2 2.5h-2.5' +
        'M7 16a2.4 2.4 0 1 1-.1 0M13 16a2.4 2.4 0 1 1-.1 0M19 16a2.4 2.4 0 1 1-.1 0M7 18.4h12' +
        'M17.5 5c-1-1.5.5-3 2-2.5.5-2 3.5-1.5 3.5.5'
    )
  );
  pen.restore();
}
