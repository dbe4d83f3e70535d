// There is no Docker where the tests run: what the compose file names is held against what it names.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeSettings, readSettings } from '#server/settings.ts';

const folder = fileURLToPath(new URL('../../deploy/compose', import.meta.url));
const read = (path: string) => readFileSync(resolve(folder, path), 'utf8');

const Service = v.object({
  image: v.string(),
  build: v.optional(v.object({ context: v.string(), dockerfile: v.string() })),
  environment: v.optional(v.record(v.string(), v.string())),
  command: v.optional(v.array(v.string())),
  volumes: v.array(v.string()),
  tmpfs: v.optional(v.array(v.string())),
  depends_on: v.optional(v.array(v.string())),
  networks: v.array(v.string()),
  read_only: v.literal(true),
  cap_drop: v.tuple([v.literal('ALL')]),
  ulimits: v.object({ core: v.literal(0) }),
  logging: v.object({ driver: v.literal('none') })
});
const Compose = v.object({
  services: v.record(v.string(), Service),
  networks: v.record(v.string(), v.unknown()),
  volumes: v.record(v.string(), v.unknown())
});

/** `from:to[:ro]`; a file or a folder of this machine, or a volume. */
const mountsOf = ({ volumes }: v.InferOutput<typeof Service>) =>
  volumes.map((text) => {
    const [from = '', to = '', mode = ''] = text.split(':');
    return { from, to, mode, isOurs: from.startsWith('.') };
  });

const compose = v.parse(Compose, parse(read('compose.yaml'), { merge: true }));
const services = Object.entries(compose.services);
const nodes = services.filter(([, { environment }]) => environment);

test('everything that it names is there, and written to by nobody who need not', () => {
  for (const [name, service] of services) {
    // A version and a distribution: what "latest" is tomorrow nobody has seen.
    if (!service.build) expect(service.image, name).toMatch(/^[a-z]+:\d[\d.]*-bookworm$/);
    else {
      const context = resolve(folder, service.build.context);
      expect(existsSync(resolve(context, service.build.dockerfile)), name).toBe(true);
    }
    for (const { from, mode, isOurs } of mountsOf(service)) {
      if (isOurs) expect(statSync(resolve(folder, from)).isFile(), from).toBe(true);
      else if (!from.startsWith('/')) expect(Object.keys(compose.volumes)).toContain(from);
      if (from !== 'bookings') expect(mode, from).toBe('ro');
    }
    for (const other of service.depends_on ?? []) expect(compose.services).toHaveProperty(other);
    for (const network of service.networks) expect(compose.networks).toHaveProperty(network);
  }
});

test('its nodes are given settings that are known, and a Redis that listens and knows them', () => {
  const known = describeSettings();
  expect(nodes).toHaveLength(3);
  for (const [name, { environment = {} }] of nodes) {
    for (const setting of Object.keys(environment))
      expect(known, name).toMatch(new RegExp(`^ *${setting}\\b`, 'm'));
    const settings = readSettings({ ...environment, FRIRUM_ORIGIN: 'https://chat.example.dk' });
    for (const text of [settings.volatileRedis, settings.durableRedis]) {
      const { hostname, port, username, password } = new URL(text ?? '');
      const [mounted] = mountsOf(v.parse(Service, compose.services[hostname]));
      const configuration = read(mounted?.from ?? '');
      expect(configuration).toContain(`\nport ${port}\n`);
      expect(configuration).toContain(`\nuser ${username} on >${password} `);
    }
  }
});

test('nginx finds what it includes, and asks every node', () => {
  const mounts = mountsOf(v.parse(Service, compose.services['nginx']));
  const files = new Map(mounts.map(({ from, to, isOurs }) => [to, isOurs ? read(from) : '']));
  const included = [...files.values()].flatMap((text) =>
    [...text.matchAll(/^\s*include ([^;]+);/gm)].map(([, path = '']) => path)
  );
  expect(included.length).toBeGreaterThan(2);
  for (const path of included) expect([...files.keys()]).toContain(path);
  const upstream = [...files.values()].join('\n').matchAll(/^\s*server ([\w-]+):(\d+) /gm);
  expect([...upstream].map(([, host, port]) => `${host}:${port}`)).toEqual(
    nodes.map(([name, { environment }]) => `${name}:${environment?.['PORT']}`)
  );
});

test('the image starts what is there, with the settings that are known', () => {
  const dockerfile = read('Dockerfile');
  const command = /^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]';
  const script = v.parse(v.array(v.string()), JSON.parse(command)).at(-1) ?? '';
  expect(existsSync(resolve(folder, '../..', script))).toBe(true);
  const environment = /^ENV (.*)$/m.exec(dockerfile)?.[1]?.split(' ') ?? [];
  for (const setting of environment)
    expect(describeSettings()).toMatch(new RegExp(`^ *${setting.split('=')[0]}\\b`, 'm'));
});
