/** See `page-scripts.ts`. */
declare module '*?page-scripts' {
  import type { Locale } from '#web/words/paraglide/runtime.js';

  const addresses: Record<Locale, string>;
  export default addresses;
}

declare module '*?staff-scripts' {
  const addresses: Record<'da' | 'en', string>;
  export default addresses;
}
