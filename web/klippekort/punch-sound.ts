/** A conductor's punch: a short click of paper, a soft thump of the tongs. Made here, nothing is loaded. */
export function playPunch(): void {
  const sound = new AudioContext();
  const now = sound.currentTime;

  const paper = sound.createBufferSource();
  paper.buffer = noise(sound, 0.05);
  const crisp = new BiquadFilterNode(sound, { type: 'bandpass', frequency: 2600, Q: 0.8 });
  paper.connect(crisp).connect(fading(sound, now + 0.015, 0.35, 0.05));
  paper.start(now + 0.015);

  const tongs = new OscillatorNode(sound, { type: 'triangle', frequency: 170 });
  tongs.frequency.exponentialRampToValueAtTime(62, now + 0.09);
  tongs.connect(fading(sound, now, 0.3, 0.12));
  tongs.start(now);
  tongs.stop(now + 0.14);
  tongs.addEventListener('ended', () => void sound.close());
}

function noise(sound: AudioContext, seconds: number): AudioBuffer {
  const buffer = sound.createBuffer(1, Math.ceil(sound.sampleRate * seconds), sound.sampleRate);
  const samples = buffer.getChannelData(0);
  for (let index = 0; index < samples.length; index += 1) samples[index] = Math.random() * 2 - 1;
  return buffer;
}

function fading(sound: AudioContext, from: number, loud: number, seconds: number): GainNode {
  const gain = sound.createGain();
  gain.gain.setValueAtTime(loud, from);
  gain.gain.exponentialRampToValueAtTime(0.001, from + seconds);
  gain.connect(sound.destination);
  return gain;
}
