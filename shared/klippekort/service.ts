/** The service's name in every clip and in the signed list of keys: the same on both sides, for ever. */
export const service = 'frirum';

/** Where the signed keys and the published list of spent clips are fetched. */
export const clipKeysPath = '/clips/keys';
export const spentListPath = '/clips/spent';
