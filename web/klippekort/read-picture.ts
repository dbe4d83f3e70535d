/** The longest side a picture is read at: a camera's full size only costs time. */
const LONGEST = 1800;
/** Milliseconds one look may take on top of what it must. */
const PATIENCE = 1200;

export type PictureRead =
  | { readonly ok: true; readonly code: string }
  | { readonly ok: false; readonly refusal: 'not-a-picture' | 'no-code' };

/** Finds the QR code in a picture. Nothing leaves the device. @returns what the code holds, unchecked */
export async function readPicture(file: Blob): Promise<PictureRead> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return { ok: false, refusal: 'not-a-picture' };
  const { decodeQR } = await import('qr/decode.js');
  const longest = Math.max(picture.width, picture.height);
  const full = Math.min(1, LONGEST / longest);
  try {
    // Larger once more for a thumbnail, smaller for a screen that was photographed.
    for (const scale of [full, longest < 700 ? 2 : full / 2, full / 4]) {
      const code = look(picture, scale, decodeQR);
      if (code !== null) return { ok: true, code };
    }
    return { ok: false, refusal: 'no-code' };
  } finally {
    picture.close();
  }
}

function look(
  picture: ImageBitmap,
  scale: number,
  decodeQR: typeof import('qr/decode.js').decodeQR
): string | null {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext('2d');
  if (!pen) return null;
  // The holes of a ticket are clear, and clear reads as black.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  try {
    const pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
    return decodeQR(pixels, { effort: Infinity, timeLimit: PATIENCE });
  } catch {
    return null;
  }
}
