import type { FormState } from '../shared/forms/form-state'
import type { PageFrame } from '../shared/page-frame'
import type { DemoAccounts } from '../shared/staff/demo-accounts'

declare module 'h3' {
  interface H3EventContext {
    /** What the route at a page's address loaded for it. */
    page?: unknown
    /** The refused form that the page shows again. */
    form?: FormState
    /** What a form found out for its page, and nobody keeps. */
    answer?: unknown
    /** The page has a form whose texts a change of language must not lose. */
    keepsTyped?: boolean
    /** What the frame of each page shows. */
    frame?: PageFrame
    /** The desk's sign-in shows the accounts of a demo station. */
    demo?: DemoAccounts
    requestId?: string
    /** The pattern of the page's route, for the log. */
    pagePattern?: string
  }
}
