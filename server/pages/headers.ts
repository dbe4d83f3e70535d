import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';
import { closedPolicy } from './content-policy.ts';

/** No page may use any of these, nor lend them to a frame. */
const closedPermissions = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'otp-credentials',
  'payment',
  'picture-in-picture',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking'
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/** What a page may use besides, by its path without the language. */
const usedOn: Readonly<Record<string, string>> = {
  '/card': 'camera',
  '/chat': 'camera',
  '/desk': 'publickey-credentials-get',
  '/desk/team': 'publickey-credentials-get',
  '/desk/shifts': 'publickey-credentials-get',
  '/desk/invitation': 'publickey-credentials-create'
};

/** For one page: the camera where a card is read, passkeys where staff make one or sign in with it. */
export function pagePermissions(path: string): string {
  const feature = usedOn[path.replace(/^\/[a-z]{2}(?=\/|$)/, '')];
  return feature
    ? closedPermissions.replace(`${feature}=()`, `${feature}=(self)`)
    : closedPermissions;
}

/** On every answer, whatever its path and status. A page's own policy then takes the place of the closed one. */
export function securityHeaders(
  https: boolean
): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  const helmeted = helmet({
    contentSecurityPolicy: false,
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    originAgentCluster: true,
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: https && { maxAge: 63_072_000, includeSubDomains: true },
    xFrameOptions: { action: 'deny' }
  });
  return (request, response, next) => {
    response.setHeader('Content-Security-Policy', closedPolicy);
    response.setHeader('Permissions-Policy', closedPermissions);
    response.setHeader('Cache-Control', 'no-store');
    helmeted(request, response, next);
  };
}
