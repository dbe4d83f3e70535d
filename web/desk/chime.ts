/** Not more often than this, however much arrives (ms). */
const restsFor = 3_000;
let rungAt = -restsFor;

/** Two soft notes, always the same: they say that something came, not what, nor from whom. */
export function ringChime(): void {
  if (performance.now() - rungAt < restsFor) return;
  rungAt = performance.now();
  const sound = new AudioContext();
  const now = sound.currentTime + 0.02;
  const last = [523.25, 659.25].map((frequency, at) => {
    const from = now + at * 0.14;
    const note = new OscillatorNode(sound, { type: 'sine', frequency });
    const gain = new GainNode(sound, { gain: 0 });
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(0.12, from + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.001, from + 0.5);
    note.connect(gain).connect(sound.destination);
    note.start(from);
    note.stop(from + 0.52);
    return note;
  })[1];
  last?.addEventListener('ended', () => void sound.close());
}
