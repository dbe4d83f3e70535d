const DAY = 86_400_000;

/** How long certificates are in force, and how long before their end the next one is asked for (milliseconds). */
export const certificateTerms = {
  days: 30,
  renewal: 7 * DAY,
  serviceDays: 400,
  serviceRenewal: 60 * DAY
} as const;

/** Where the serials of revoked certificates are published. */
export const revokedPath = '/certificates/revoked';
