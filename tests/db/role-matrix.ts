// Who may do what, written down: the tests try each cell through supabase-js, and walk the catalogue for what is not listed here.

/** The columns of the matrix. `chief_sun` is named in the report about the police, `chief_qian` is not; `server` has the secret key. */
export const roles = [
  'guest', 'amina_resident', 'bo_resident', 'officer_wang', 'officer_li', 'lead_zhao', 'chief_sun', 'chief_qian', 'chief_far', 'auditor_wu', 'admin_zheng', 'server',
] as const
export type Role = (typeof roles)[number]

/**
 * denied: a permission error. none: allowed to ask, zero rows. rows:…: exactly the rows of that scope, which `scopes` lists.
 * (A forbidden update would touch zero rows instead of throwing if a policy filtered it; here the right itself is missing.)
 */
export type Outcome = 'denied' | 'none' | `rows:${string}`
type Cells = Record<Role, Outcome>

const all = (outcome: Outcome): Cells => ({
  guest: outcome, amina_resident: outcome, bo_resident: outcome, officer_wang: outcome, officer_li: outcome, lead_zhao: outcome,
  chief_sun: outcome, chief_qian: outcome, chief_far: outcome, auditor_wu: outcome, admin_zheng: outcome, server: outcome,
})
const staffOnly = (home: Outcome, far: Outcome, server: Outcome): Cells => ({
  guest: 'denied', amina_resident: 'none', bo_resident: 'none', officer_wang: home, officer_li: home, lead_zhao: home,
  chief_sun: home, chief_qian: home, chief_far: far, auditor_wu: home, admin_zheng: home, server,
})
/** No role writes a table: everything goes through functions. */
const closed = { insert: all('denied'), update: all('denied'), delete: all('denied') }

type Table = { key: string, columns: string, select: Cells, insert: Cells, update: Cells, delete: Cells }

const reportColumns = 'id, station_id, community_id, grid_id, reference, category_code, visibility, urgency, is_about_police, status, closed_reason, version, received_at, updated_at, '
  + 'first_viewed_at, accepted_at, closed_at, channel, locale, contact_mode, assigned_to, merged_into'

const revisitColumns = 'id, report_id, round, step, level, opened_at, visited_at, visited_by, method, topics, informed_at, reminded_at, no_reply_at, answer, answered_at, answered_by, recorded_answer, asked_again_at, stopped_at'
const suggestionColumns = 'id, revisit_id, report_id, at, owner_id, due_on, done_at, done_by'

const dutyColumns = 'id, station_id, staff_id, starts_at, ends_at, taken_over_at, noted_at'

/** Without the report: a notice must not lead to it. */
const noticeColumns = 'id, station_id, community_id, title, body'

/** Of drafts nobody reads anything directly; of published ones not who wrote and approved them. */
const alertColumns = 'id, station_id, chain_id, identifier, message_type, is_exercise, kind, colour, event_code, urgency, severity, certainty, onset_at, expires_at, follows_id, community_ids, grid_ids, contact, web, '
  + 'published_at, content, statement, ended_at, ended_by_id, ended_by_type'

const reportCells: Cells = {
  guest: 'denied',
  amina_resident: 'rows:own',
  bo_resident: 'none',
  officer_wang: 'rows:ping_an',
  officer_li: 'rows:chang_le',
  lead_zhao: 'rows:station',
  chief_sun: 'rows:station',
  chief_qian: 'rows:station_and_police',
  chief_far: 'rows:far',
  auditor_wu: 'rows:police',
  admin_zheng: 'none',
  server: 'denied',
}

export const matrix: Record<string, Table> = {
  stations: { key: 'id', columns: '*', select: all('rows:both'), ...closed },
  communities: { key: 'id', columns: '*', select: { ...all('rows:active'), server: 'rows:every' }, ...closed },
  grids: { key: 'id', columns: '*', select: { ...all('rows:active'), server: 'rows:every' }, ...closed },
  police_offices: { key: 'id', columns: '*', select: all('rows:every'), ...closed },
  categories: { key: 'code', columns: '*', select: { ...all('rows:active'), server: 'rows:every' }, ...closed },
  category_questions: { key: 'category_code', columns: '*', select: all('rows:every'), ...closed },
  staff: { key: 'user_id', columns: '*', select: staffOnly('rows:home', 'rows:far', 'rows:both'), ...closed },
  assignments: { key: 'id', columns: '*', select: staffOnly('rows:home', 'none', 'rows:home'), ...closed },
  staff_proposals: {
    key: 'id',
    columns: '*',
    select: {
      guest: 'denied', amina_resident: 'none', bo_resident: 'none', officer_wang: 'none', officer_li: 'none', lead_zhao: 'none',
      chief_sun: 'rows:home', chief_qian: 'rows:home', chief_far: 'rows:far', auditor_wu: 'rows:home', admin_zheng: 'rows:home', server: 'denied',
    },
    ...closed,
  },
  response_templates: { key: 'id', columns: '*', select: staffOnly('rows:every', 'rows:every', 'rows:every'), ...closed },
  audit_log: {
    key: 'noun_id',
    columns: '*',
    select: {
      guest: 'denied', amina_resident: 'none', bo_resident: 'none', officer_wang: 'none', officer_li: 'none', lead_zhao: 'none',
      // What was done with a report about a chief stays hidden from that chief (RULES A6).
      chief_sun: 'rows:station', chief_qian: 'rows:station_and_police', chief_far: 'rows:far', auditor_wu: 'rows:station_and_police', admin_zheng: 'none', server: 'rows:both',
    },
    ...closed,
  },
  outbox: { key: 'noun_id', columns: '*', select: { ...all('denied'), server: 'rows:every' }, ...closed },
  profiles: {
    key: 'user_id',
    columns: '*',
    select: {
      guest: 'denied', amina_resident: 'rows:amina', bo_resident: 'rows:bo', officer_wang: 'none', officer_li: 'none', lead_zhao: 'none',
      chief_sun: 'none', chief_qian: 'none', chief_far: 'none', auditor_wu: 'none', admin_zheng: 'none', server: 'rows:both',
    },
    ...closed,
  },
  reports: { key: 'id', columns: reportColumns, select: reportCells, ...closed },
  // The timeline is the desk's; reporters read theirs through track_report.
  report_events: { key: 'report_id', columns: 'id, report_id, at, kind, status, closed_reason, actor_role', select: { ...reportCells, amina_resident: 'none' }, ...closed },
  // The ladder is the desk's; reporters read theirs through track_report.
  revisits: { key: 'report_id', columns: revisitColumns, select: { ...reportCells, amina_resident: 'none' }, ...closed },
  revisit_suggestions: { key: 'report_id', columns: suggestionColumns, select: { ...reportCells, amina_resident: 'none' }, ...closed },
  calendar_days: { key: 'station_id', columns: '*', select: all('rows:both'), ...closed },
  duty_shifts: { key: 'id', columns: dutyColumns, select: staffOnly('rows:home', 'rows:far', 'denied'), ...closed },
  figure_releases: { key: 'station_id', columns: '*', select: all('rows:both'), ...closed },
  published_figures: { key: 'release_id', columns: '*', select: all('rows:both'), ...closed },
  published_surveys: { key: 'release_id', columns: '*', select: all('rows:both'), ...closed },
  case_notices: { key: 'id', columns: noticeColumns, select: { ...all('rows:published'), server: 'rows:every' }, ...closed },
  alert_events: { key: 'code', columns: '*', select: all('rows:every'), ...closed },
  alerts: { key: 'id', columns: alertColumns, select: { ...all('rows:published'), server: 'rows:every' }, ...closed },
  alert_texts: { key: 'alert_id', columns: '*', select: { ...all('rows:published'), server: 'rows:every' }, ...closed },
  alert_areas: { key: 'alert_id', columns: '*', select: { ...all('rows:published'), server: 'rows:every' }, ...closed },
  alert_references: { key: 'alert_id', columns: '*', select: { ...all('rows:published'), server: 'rows:every' }, ...closed },
  alert_templates: { key: 'slug', columns: '*', select: { ...staffOnly('rows:every', 'rows:every', 'denied') }, ...closed },
  report_messages: { key: 'report_id', columns: 'id', select: all('denied'), ...closed },
  // The roster is read and changed by functions only.
  volunteers: { key: 'id', columns: 'id', select: all('denied'), ...closed },
  volunteer_steps: { key: 'volunteer_id', columns: 'volunteer_id', select: all('denied'), ...closed },
  volunteer_skills: { key: 'volunteer_id', columns: 'volunteer_id', select: all('denied'), ...closed },
  patrol_skills: { key: 'code', columns: 'code', select: all('denied'), ...closed },
  shift_types: { key: 'code', columns: 'code', select: all('denied'), ...closed },
  patrol_routes: { key: 'id', columns: 'id', select: all('denied'), ...closed },
  patrol_checkpoints: { key: 'id', columns: 'id', select: all('denied'), ...closed },
  shift_series: { key: 'id', columns: 'id', select: all('denied'), ...closed },
  patrol_shifts: { key: 'id', columns: 'id', select: all('denied'), ...closed },
  shift_places: { key: 'id', columns: 'id', select: all('denied'), ...closed },
  shift_swaps: { key: 'id', columns: 'id', select: all('denied'), ...closed },
  report_notes: { key: 'report_id', columns: 'id', select: all('denied'), ...closed },
  report_attachments: { key: 'report_id', columns: 'id', select: all('denied'), ...closed },
  report_followers: { key: 'report_id', columns: 'id', select: all('denied'), ...closed },
  bans: {
    key: 'id',
    columns: 'id, station_id, kind, report_id, reason, created_by, created_at, lifted_at, lifted_by',
    select: {
      guest: 'denied', amina_resident: 'none', bo_resident: 'none', officer_wang: 'none', officer_li: 'none', lead_zhao: 'rows:station',
      chief_sun: 'rows:station', chief_qian: 'rows:station_and_police', chief_far: 'rows:far', auditor_wu: 'none', admin_zheng: 'none', server: 'denied',
    },
    ...closed,
  },
}

/** The rows behind each scope, by the labels that role-matrix.test.ts gives to what it arranges. */
export const scopes: Record<string, Record<string, readonly string[]>> = {
  stations: { both: ['home', 'far'] },
  calendar_days: { both: ['home', 'far'] },
  duty_shifts: { home: ['home'], far: ['far'] },
  figure_releases: { both: ['home', 'far'] },
  published_figures: { both: ['home', 'far'] },
  published_surveys: { both: ['home', 'far'] },
  case_notices: { published: ['published'], every: ['published', 'draft', 'withdrawn'] },
  alert_events: { every: ['burglary'] },
  alerts: { published: ['published', 'far'], every: ['published', 'draft', 'far'] },
  alert_texts: { published: ['published', 'far'], every: ['published', 'draft', 'far'] },
  alert_areas: { published: ['published', 'far'], every: ['published', 'draft', 'far'] },
  alert_references: { published: ['published'], every: ['published', 'draft'] },
  alert_templates: { every: ['gas_leak'] },
  communities: { active: ['ping_an', 'chang_le', 'far'], every: ['ping_an', 'chang_le', 'far', 'inactive'] },
  grids: { active: ['ping_an', 'chang_le', 'far'], every: ['ping_an', 'chang_le', 'far', 'inactive'] },
  police_offices: { every: ['ping_an'] },
  categories: { active: ['noise', 'police'], every: ['noise', 'police', 'closed'] },
  category_questions: { every: ['noise'] },
  staff: { home: ['officer_wang', 'chief_sun'], far: ['chief_far'], both: ['officer_wang', 'chief_sun', 'chief_far'] },
  assignments: { home: ['wang', 'li'] },
  staff_proposals: { home: ['about_wang'], far: ['about_far'] },
  response_templates: { every: ['thanks'] },
  audit_log: { station: ['ping_an'], station_and_police: ['ping_an', 'about_sun'], far: ['far'], both: ['ping_an', 'about_sun', 'far'] },
  outbox: { every: ['owned'] },
  profiles: { amina: ['amina'], bo: ['bo'], both: ['amina', 'bo'] },
  reports: {
    own: ['owned'],
    ping_an: ['ping_an', 'owned', 'assigned_to_li'],
    // An officer also sees what was assigned to them elsewhere.
    chang_le: ['chang_le', 'sealed', 'assigned_to_li'],
    station: ['ping_an', 'chang_le', 'no_place', 'owned', 'sealed', 'assigned_to_li'],
    station_and_police: ['ping_an', 'chang_le', 'no_place', 'owned', 'sealed', 'assigned_to_li', 'about_sun'],
    police: ['about_sun'],
    far: ['far'],
  },
  bans: { station: ['owned'], station_and_police: ['owned', 'about_sun'], far: ['far'] },
}
for (const name of ['report_events', 'revisits', 'revisit_suggestions']) scopes[name] = scopes.reports ?? {}

/** Column rights: a table that is missing here grants none. */
export const tableGrants: Record<string, Partial<Record<'anon' | 'authenticated' | 'service_role', 'all columns' | readonly string[]>>> = {
  stations: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  communities: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  grids: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  police_offices: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  categories: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  category_questions: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  staff: { authenticated: 'all columns', service_role: 'all columns' },
  assignments: { authenticated: 'all columns', service_role: 'all columns' },
  staff_proposals: { authenticated: 'all columns' },
  response_templates: { authenticated: 'all columns', service_role: 'all columns' },
  audit_log: { authenticated: 'all columns', service_role: 'all columns' },
  profiles: { authenticated: 'all columns', service_role: 'all columns' },
  outbox: { service_role: 'all columns' },
  reports: { authenticated: reportColumns.split(', ') },
  report_events: { authenticated: ['id', 'report_id', 'at', 'kind', 'status', 'closed_reason', 'actor_role'] },
  revisits: { authenticated: revisitColumns.split(', ') },
  revisit_suggestions: { authenticated: suggestionColumns.split(', ') },
  duty_shifts: { authenticated: dutyColumns.split(', ') },
  calendar_days: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  figure_releases: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  published_figures: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  published_surveys: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  case_notices: { anon: noticeColumns.split(', '), authenticated: noticeColumns.split(', '), service_role: noticeColumns.split(', ') },
  alert_events: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  alerts: { anon: alertColumns.split(', '), authenticated: alertColumns.split(', '), service_role: alertColumns.split(', ') },
  alert_texts: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  alert_areas: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  alert_references: { anon: 'all columns', authenticated: 'all columns', service_role: 'all columns' },
  alert_templates: { authenticated: 'all columns' },
  bans: { authenticated: ['id', 'station_id', 'kind', 'report_id', 'reason', 'created_by', 'created_at', 'lifted_at', 'lifted_by'] },
}
