import type { Reroute } from '@sveltejs/kit';
import { withoutLanguage } from './words/language.ts';

export const reroute: Reroute = ({ url }) => withoutLanguage(url.pathname);
