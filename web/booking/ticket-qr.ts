import { encodeQR } from 'qr';

/** A ticket's code to be photographed: how many squares wide, and those that are dark, as a path. */
export function ticketQr(code: string): { readonly size: number; readonly path: string } {
  const dots = encodeQR(code, 'raw', { ecc: 'quartile', border: 3 });
  const path = dots.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))
  );
  return { size: dots.length, path: path.join('') };
}
