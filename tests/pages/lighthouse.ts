import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { browserArguments, wholeChromium } from '#tests/support/browser.ts';
import { freePort } from '#tests/support/free-port.ts';

const cli = fileURLToPath(new URL('../../node_modules/lighthouse/cli/index.js', import.meta.url));
const categories = ['performance', 'accessibility', 'best-practices'] as const;
export type Scores = Readonly<Record<(typeof categories)[number], number>>;

interface Report {
  readonly categories: Record<
    string,
    { score: number | null; auditRefs: { id: string; weight: number }[] }
  >;
  readonly audits: Record<string, { score: number | null; displayValue?: string }>;
}

/**
 * What Lighthouse makes of a page, each of 100, as its mobile profile has it: a slow phone on a slow line, computed
 * from what Chromium did (simulated throttling). It tells nobody of it.
 * @returns also what was found wanting, by its name there
 */
export async function lighthouse(url: string): Promise<{ scores: Scores; wanting: string[] }> {
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: wholeChromium,
    args: [...browserArguments, `--remote-debugging-port=${port}`]
  });
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        ...[cli, url, `--port=${port}`, '--output=json', '--quiet', '--no-enable-error-reporting'],
        `--only-categories=${categories.join(',')}`
      ],
      { maxBuffer: 64 * 1024 * 1024 }
    );
    const report = JSON.parse(stdout) as Report;
    const scoreOf = (name: string) => Math.round((report.categories[name]?.score ?? 0) * 100);
    const [performance, accessibility, practices] = categories;
    const weighed = Object.values(report.categories).flatMap(({ auditRefs }) => auditRefs);
    return {
      scores: {
        [performance]: scoreOf(performance),
        [accessibility]: scoreOf(accessibility),
        [practices]: scoreOf(practices)
      },
      wanting: weighed.flatMap(({ id, weight }) => {
        const { score = null, displayValue = '' } = report.audits[id] ?? {};
        return weight > 0 && score !== null && score < 1 ? [`${id} ${score} ${displayValue}`] : [];
      })
    };
  } finally {
    await browser.close();
  }
}
