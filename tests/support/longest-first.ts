import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes half a minute or more, longest first: begun last, it would run alone at the end. */
const longest = [
  'journeys/hand-over',
  'pages/every-page',
  'journeys/desk',
  'journeys/left-waiting',
  'journeys/young-person',
  'faults/chat-chaos',
  'attacks/forged',
  'journeys/third-person-back',
  'attacks/canary-scan',
  'journeys/third-person',
  'journeys/waiting',
  'statistics/form',
  'journeys/team',
  'queue/left-alone',
  'journeys/klippekort',
  'journeys/third-person-look',
  'phrases/panel',
  'start/starting',
  'start/redis'
];

const placeOf = ({ moduleId, project }: TestSpecification): number => {
  const place = longest.findIndex((name) => moduleId.endsWith(`/tests/${name}.test.ts`));
  if (place >= 0) return place;
  return longest.length + (project.name === 'browser' ? 0 : 1);
};

/** The order in which the files of a group begin: what opens a browser before what does not. */
export class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const groupOf = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    return Promise.resolve(
      files.toSorted((one, other) => groupOf(one) - groupOf(other) || placeOf(one) - placeOf(other))
    );
  }
}
