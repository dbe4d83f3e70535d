// Sets up a production: the organisation, its root key, the first lead.
import { resolve } from 'node:path';
import { cancel, intro, isCancel, text } from '@clack/prompts';
import { defineCommand } from 'citty';
import { setUp, whyNotSetUp } from '#server/setup/set-up.ts';
import { CannotStart } from '#server/store/durable/cannot-start.ts';
import { inStore } from './in-store.ts';

const standardKeyFile = './frirum-root-key.txt';

export const init = defineCommand({
  meta: {
    name: 'init',
    description: 'Set up Frirum for an organisation: its root key and the first lead'
  },
  args: {
    organisation: { type: 'string', description: 'What the organisation is called' },
    lead: { type: 'string', description: 'The first name that colleagues see of the first lead' },
    key: { type: 'string', description: `Where the root key goes (${standardKeyFile})` }
  },
  run: ({ args }) =>
    inStore(
      async ({ settings, store, linkOf, now }) => {
        const { dataFolder } = settings;
        const why = await whyNotSetUp(dataFolder, store);
        if (why) throw new CannotStart(`Frirum is not set up anew: ${why}`);

        const isAsked = !args.organisation || !args.lead;
        if (isAsked && !process.stdin.isTTY)
          throw new CannotStart(
            'Say --organisation NAME and --lead NAME, or run this in a terminal.'
          );
        if (isAsked) intro('Frirum is set up in three answers.');
        const organisation = args.organisation || (await ask('What is the organisation called?'));
        const lead = args.lead || (await ask('Who leads the team first (a first name)?'));
        const keyFile = resolve(
          args.key ||
            (isAsked
              ? await ask('Where should the root key go? A memory stick is best.', standardKeyFile)
              : standardKeyFile)
        );

        const link = await setUp({
          folder: dataFolder,
          store,
          organisation,
          lead,
          keyFile,
          now: await now()
        });
        if (settings.origin === null)
          console.error('FRIRUM_ORIGIN is not set, so the link is for this machine only.\n');
        console.log(
          [
            `${organisation} is set up in ${dataFolder}.`,
            '',
            `The root key: ${keyFile}`,
            '  With it a lead certifies counsellors, in their own browser. Whoever has it can pose as any of',
            '  them, and without it nobody new can begin. Move it to a memory stick, keep a copy in another',
            '  place, and leave none on this machine. This server does not have it and never needs it.',
            '',
            `${lead} opens this link to set up signing in. It works once, for 72 hours:`,
            linkOf(link)
          ].join('\n')
        );
      },
      { mustExist: false }
    )
});

async function ask(message: string, standard?: string): Promise<string> {
  const answer = await text({
    message,
    ...(standard ? { defaultValue: standard, placeholder: standard } : {}),
    validate: (typed) => (typed?.trim() || standard ? undefined : 'A few letters, please.')
  });
  if (isCancel(answer)) {
    cancel('Nothing was set up.');
    throw new CannotStart('');
  }
  return answer.trim();
}
