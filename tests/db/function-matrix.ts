// Functions × role, written down. RULES A2: what takes server-made values is the server's alone; anon has a named list of public reads.

export type Caller = 'anon' | 'authenticated' | 'service_role'
type Row = { callers: readonly Caller[], args: Record<string, unknown> }

const server = (args: Record<string, unknown> = { p: {} }): Row => ({ callers: ['service_role'], args })
const signedIn = (args: Record<string, unknown> = {}): Row => ({ callers: ['authenticated'], args })
const everyone = (args: Record<string, unknown> = {}): Row => ({ callers: ['anon', 'authenticated', 'service_role'], args })

const nobody = '00000000-0000-4000-8000-000000000000'

/** Every function of schema public by its name (none is overloaded), with arguments that find nothing. */
export const publicFunctions: Record<string, Row> = {
  get_reference_data: everyone(),
  nearby_reports: everyone({ p_category: 'none', p_grid: nobody }),

  get_account: signedIn(),
  save_profile: signedIn({ p_community: null, p_locale: 'zh' }),
  get_staff_profile: signedIn(),
  list_reports: signedIn({ p: {} }),
  open_report: signedIn({ p_reference: 'LL-0000-0000', p_purpose: 'handling' }),
  open_attachment: signedIn({ p_id: nobody }),
  assign_report: signedIn({ p_reference: 'LL-0000-0000', p_staff: null }),
  summarise_report: signedIn({ p_reference: 'LL-0000-0000', p_summary: 'x' }),
  merge_report: signedIn({ p_reference: 'LL-0000-0000', p_into: 'LL-0000-0001' }),
  unmerge_report: signedIn({ p_reference: 'LL-0000-0000' }),
  release_report: signedIn({ p_reference: 'LL-0000-0000' }),
  lift_ban: signedIn({ p_id: nobody }),
  count_desk_work: signedIn(),
  list_audit_log: signedIn({ p: {} }),
  list_revisits: signedIn({ p: {} }),

  take_limits: server({ p_limits: [] }),
  return_limits: server({ p_limits: [] }),
  list_server_keys: server({}),
  add_server_key: server({ p_id: 'bad id', p_purpose: 'receipt', p_wrapped: 'x' }),
  submit_report: server(),
  follow_report: server(),
  start_view: server(),
  end_view: server({ p_token_hash: 'none' }),
  track_report: server(),
  begin_addition: server(),
  add_reporter_message: server(),
  add_attachment: server(),
  open_own_attachment: server(),
  withdraw_report: server(),
  record_revisit: server(),
  answer_revisit: server(),
  settle_suggestion: server(),
  advance_revisits: server({ p_limit: 1 }),
  list_my_reports: server(),
  save_draft: server(),
  load_draft: server({ p_id_hash: 'none' }),
  delete_draft: server({ p_id_hash: 'none' }),
  purge_expired: server({}),
  unclaimed_blobs: server({ p_blobs: [] }),
  move_demo_clock: server({ p_now: null }),
  begin_desk_writing: server(),
  change_report_status: server(),
  add_staff_message: server(),
  add_report_note: server(),
  begin_ban: server(),
  ban_reporter: server(),
  list_demo_mails: server(),
  queue_account_mail: server(),
  get_schema_version: server({}),
}

/** Schema private is not exposed; these are called by policies or take an actor, so their role needs the right. Others: nobody. */
export const privateFunctions: Record<string, readonly Caller[]> = {
  actor: ['authenticated', 'service_role'],
  staff_actor: ['authenticated', 'service_role'],
  communities_of: ['authenticated', 'service_role'],
  my_station: ['authenticated'],
  may_see: ['authenticated'],
  may_see_report: ['authenticated'],
  may_read_log: ['authenticated'],
}
