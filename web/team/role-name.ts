import type { CertificateRequest } from '#shared/counsellor/team-calls.ts';
import type { StaffRole } from '#shared/counsellor/role.ts';
import { m } from '#web/words/paraglide/messages.js';

export const roleName = (role: StaffRole | CertificateRequest['role']): string =>
  ({
    counsellor: m.team_role_counsellor,
    lead: m.team_role_lead,
    interpreter: m.team_role_interpreter,
    service: m.team_role_service
  })[role]();
