/** The languages that counsellors and leads read; visitors have all of them. */
export const staffLocales = /** @type {const} */ (['da', 'en']);
