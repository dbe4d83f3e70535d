import * as v from 'valibot';
import { defaultRule, Holder, type Rule } from '#shared/klippekort/rule.ts';

const PageRule = v.object({ limit: v.number(), holders: v.array(Holder) });

/** The organisation's rule, as it came with the page. */
export function pageRule(): Rule {
  try {
    const given = JSON.parse(document.documentElement.dataset.rule ?? '');
    const read = v.safeParse(PageRule, given);
    return read.success ? { ...defaultRule, ...read.output } : defaultRule;
  } catch {
    return defaultRule;
  }
}
