import { describeSettings } from '../server/settings.ts';

console.log(describeSettings());
