/** A server by itself. */
export interface Server {
  /** A name or an IP address, of version 6 without its brackets. */
  readonly host: string;
  readonly port: number;
}

export interface Login {
  readonly username?: string;
  readonly password?: string;
}

/** One Redis, however many servers it is made of. */
export interface RedisAddress {
  readonly kind: 'one' | 'sentinel' | 'cluster';
  /** The server itself; the Sentinels; some servers of the cluster, which know the others. */
  readonly servers: readonly Server[];
  readonly login: Login;
  readonly sentinelLogin: Login;
  readonly tls: boolean;
  readonly database: number;
  /** What the Sentinels call the master; else empty. */
  readonly group: string;
}

const shape =
  /^redis(?<tls>s?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<login>[^@/?#]*)@)?(?<servers>[^@/?#]+)(?:\/(?<path>[^?#]*))?(?:\?(?<more>[^#]*))?$/;
const aServer = /^(?:\[(?<six>[0-9a-f:.]+)\]|(?<host>[a-z0-9._-]+))(?::(?<port>\d{1,5}))?$/i;
const ports = { one: 6379, sentinel: 26379, cluster: 6379 } as const;

/**
 * Reads `redis://`, `redis+sentinel://host,host/group` or `redis+cluster://host,host`; `rediss…` is the same
 * over TLS. What is not as it has to be is answered with the sentence that says so, without the address,
 * which may hold a password.
 */
export function readAddress(text: string): RedisAddress | string {
  const parts = shape.exec(text)?.groups;
  if (!parts)
    return 'must be an address such as redis://127.0.0.1:6379, redis+sentinel://host:26379,host:26379/mymaster or redis+cluster://host:6379,host:6379, each with rediss in place of redis for TLS';
  const kind = parts['kind'] === 'sentinel' || parts['kind'] === 'cluster' ? parts['kind'] : 'one';
  const servers = (parts['servers'] ?? '').split(',').map((one) => readServer(one, ports[kind]));
  if (!areKnown(servers))
    return 'must name each server as host or host:port, with a port from 1 to 65535';
  if (kind === 'one' && servers.length > 1)
    return 'names several servers: begin it with redis+sentinel:// or redis+cluster://';

  const path = (parts['path'] ?? '').split('/').filter((part) => part !== '');
  const group = kind === 'sentinel' ? (path.shift() ?? '') : '';
  if (kind === 'sentinel' && !/^[\w.-]+$/.test(group))
    return 'must end with what the Sentinels call the master, such as /mymaster';
  const [database = '0', ...beyond] = path;
  if (!/^\d{1,4}$/.test(database) || beyond.length > 0)
    return 'may end with the number of a database and with nothing else';
  if (kind === 'cluster' && database !== '0') return 'names a database, and a cluster has only one';

  const login = readLogin(parts['login'] ?? '');
  const sentinelLogin = readMore(parts['more'] ?? '', kind);
  if (!login) return 'has a login that is not written as addresses need it (%40 is @)';
  if (!sentinelLogin)
    return 'has something behind its ? that is not known; only how to log in at Sentinels may stand there';
  return {
    ...{ kind, servers, login, sentinelLogin, group },
    ...{ tls: parts['tls'] === 's', database: Number(database) }
  };
}

/** As it is written in an address and in what is told to the operator. */
export const nameOf = ({ host, port }: Server): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

function readServer(text: string, standard: number): Server | null {
  const found = aServer.exec(text)?.groups;
  const host = found?.['six'] ?? found?.['host'];
  const port = Number(found?.['port'] ?? standard);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : null;
}

const areKnown = (servers: (Server | null)[]): servers is Server[] => !servers.includes(null);

/** `name:password` or `:password`. */
function readLogin(text: string): Login | null {
  if (text === '') return {};
  const [name = '', ...rest] = text.split(':');
  try {
    const username = decodeURIComponent(name);
    if (rest.length === 0) return { username };
    const password = decodeURIComponent(rest.join(':'));
    return username === '' ? { password } : { username, password };
  } catch {
    return null;
  }
}

function readMore(text: string, kind: RedisAddress['kind']): Login | null {
  const more = new URLSearchParams(text);
  const username = more.get('sentinel_username');
  const password = more.get('sentinel_password');
  const isOther = [...more.keys()].some((name) => !/^sentinel_(username|password)$/.test(name));
  if (isOther || (more.size > 0 && kind !== 'sentinel')) return null;
  return { ...(username === null ? {} : { username }), ...(password === null ? {} : { password }) };
}
