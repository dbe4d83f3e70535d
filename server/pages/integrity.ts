import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const scriptTag = /<script(?=[^>]*\ssrc="(?<path>\/[^"]+)")(?![^>]*\sintegrity=)/g;

/**
 * Every script of a page gets the hash of its file (Subresource Integrity, W3C): what stands between the
 * server and the page cannot put another one in its place. One that is not in the build is left as it is.
 */
export const withIntegrity = (html: string, build: string): string =>
  html.replaceAll(scriptTag, (tag, path: string) => {
    const file = join(build, path);
    if (!existsSync(file)) return tag;
    const hash = createHash('sha384').update(readFileSync(file)).digest('base64');
    return `${tag} integrity="sha384-${hash}"`;
  });
