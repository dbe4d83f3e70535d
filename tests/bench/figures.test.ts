import { describe, expect, it } from 'vitest';
import { judge, median, medianRatio, summarise, type Measurement } from '../../bench/figures.ts';
import type { TrafficFigures } from '../../bench/measure.ts';

const traffic = (messagesPerCpuSecond: number): TrafficFigures => ({
  done: 0,
  seconds: 1,
  generatorCpu: 0,
  sent: 0,
  delivered: 0,
  acknowledged: 0,
  ackFramesPerMessage: 0,
  samples: 0,
  p50: 0,
  p99: 0,
  p999: 0,
  max: 0,
  lateP99: 0,
  serverCpu: 1,
  messagesPerCpuSecond,
  serverShare: 1,
  generatorShare: 0.5,
  otherShare: 0
});

const saturated = (round: number, contender: string, value: number): Measurement => ({
  round,
  contender,
  measure: 'saturated',
  figures: traffic(value)
});

const figure = { measure: 'saturated', of: 'messagesPerCpuSecond' } as const;

describe('figures', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNull();
  });

  it('compares within a round, so that a slow minute touches both', () => {
    const all = [
      saturated(1, 'frirum', 40),
      saturated(1, 'socket.io', 20),
      saturated(2, 'frirum', 4),
      saturated(2, 'socket.io', 2),
      saturated(3, 'frirum', 100)
    ];
    expect(medianRatio(all, 'frirum', 'socket.io', figure)).toBe(2);
  });

  it('says that a goal is not measured rather than missed', () => {
    const peersOnly = judge(undefined, undefined);
    expect(peersOnly.map(({ isReached }) => isReached)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null
    ]);
    const all = [saturated(1, 'frirum', 30), saturated(1, 'socket.io', 20)];
    const [toSocketIo, toProsody] = judge(summarise(all, 'frirum'), undefined);
    expect(toSocketIo?.isReached).toBe(true);
    expect(toProsody?.isReached).toBeNull();
  });
});
