import { languageOf } from './words/language.ts';
import { overwriteGetLocale } from './words/paraglide/runtime.js';

const language = languageOf(location.pathname);
overwriteGetLocale(() => language);
