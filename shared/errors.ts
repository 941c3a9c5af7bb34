/**
 * Every way in which a request can be refused, with its HTTP status. The sentence is `errors.codes.<code>` in locales/.
 * One closed list for pages, API and bot: "not yours" and "not there" are both `not_found`.
 */
export const errorCodes = {
  malformed: 400,
  invalid: 422,
  sign_in_required: 401,
  session_locked: 401,
  session_ended: 401,
  wrong_credentials: 401,
  wrong_code: 401,
  second_factor_required: 401,
  sign_in_again: 403,
  forbidden: 403,
  cross_origin: 403,
  challenge_required: 403,
  challenge_failed: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  idempotency_conflict: 409,
  already_closed: 409,
  already_withdrawn: 409,
  append_only: 403,
  status_order: 409,
  merge_not_allowed: 409,
  no_account: 409,
  already_verified: 409,
  community_missing: 409,
  assignee_not_allowed: 422,
  already_on_duty: 409,
  not_your_turn: 409,
  names_you: 403,
  second_person_required: 403,
  nothing_sealed: 409,
  reporter_not_told: 409,
  personal_data_found: 422,
  reason_missing: 422,
  alert_incomplete: 422,
  alert_expiry: 422,
  alert_ended: 409,
  follow_up_open: 409,
  already_volunteer: 409,
  not_enrolled: 403,
  sign_up_locked: 403,
  shift_closed: 409,
  kind_needed: 403,
  skill_needed: 403,
  shift_overlap: 409,
  experienced_needed: 409,
  already_signed_up: 409,
  first_claims: 403,
  too_late_to_leave: 409,
  start_needs_experienced: 409,
  roll_call_code: 422,
  roll_call_tries: 403,
  already_checked_in: 409,
  correction_late: 409,
  points_short: 409,
  budget_spent: 409,
  no_hours: 409,
  not_verified: 403,
  round_closed: 409,
  ballot_drawn: 409,
  ballot_spent: 409,
  ballot_invalid: 422,
  link_used: 409,
  out_of_stock: 409,
  too_long: 422,
  too_many_files: 422,
  invalid_input: 422,
  report_too_large: 413,
  too_large: 413,
  unsupported_type: 415,
  not_for_oneself: 403,
  last_of_role: 409,
  successor_required: 409,
  already_proposed: 409,
  already_staff: 409,
  already_invited: 409,
  already_set_up: 409,
  badge_taken: 409,
  address_taken: 409,
  assignment_overlap: 409,
  invitation_ended: 410,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const

export type ErrorCode = keyof typeof errorCodes

/** What is wrong with one field: the last part of `errors.fields.<key>`, or a whole key with a dot in it. */
export interface FieldError {
  key: string
  params?: Record<string, string | number>
}

export type FieldErrors = Record<string, FieldError>

interface AppErrorExtras {
  /** For code `invalid`: what is wrong with which field. */
  fields?: FieldErrors
  cause?: unknown
}

/** A refusal with a reason from the closed list. Its params fill the sentence: `new AppError('rate_limited', { seconds: 30 })`. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly params: Record<string, string | number>
  readonly fields: FieldErrors
  readonly statusCode: number

  constructor(code: ErrorCode, params: Record<string, string | number> = {}, { fields = {}, cause }: AppErrorExtras = {}) {
    super(code, { cause })
    this.name = 'AppError'
    this.code = code
    this.params = params
    this.fields = fields
    this.statusCode = errorCodes[code]
  }
}
