/** Between two looks, in milliseconds: quick enough for a hand, slow enough for a cheap phone. */
const PAUSE = 150;
const LONGEST = 960;

/**
 * Shows the camera in `video` and tells every QR code it sees, each once until another is seen. Asks the
 * browser for the camera now, not before.
 * @returns null when there is no camera, or it may not be used
 */
export async function scanCamera(
  video: HTMLVideoElement,
  see: (code: string) => void
): Promise<{ stop(): void } | null> {
  const { decodeQR } = await import('qr/decode.js');
  const stream = await navigator.mediaDevices
    ?.getUserMedia({ video: { facingMode: 'environment' } })
    .catch(() => null);
  if (!stream) return null;
  video.srcObject = stream;
  void video.play().catch(() => {});

  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  let last: string | null = null;
  const looking = setInterval(() => {
    const code = pen && look(video, canvas, pen, decodeQR);
    if (code === null || code === last) return;
    last = code;
    see(code);
  }, PAUSE);

  return {
    stop() {
      clearInterval(looking);
      for (const track of stream.getTracks()) track.stop();
      video.srcObject = null;
    }
  };
}

function look(
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  pen: CanvasRenderingContext2D,
  decodeQR: typeof import('qr/decode.js').decodeQR
): string | null {
  const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  if (canvas.width === 0 || canvas.height === 0) return null;
  pen.drawImage(video, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(pen.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    return null;
  }
}
