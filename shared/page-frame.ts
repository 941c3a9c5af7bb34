import type { Localised } from './communities/reference-data.ts'
import type { EmergencyNumbers } from './reports/emergency-numbers.ts'

/** What the frame of each residents' page shows, put on the event by server/plugins/page-frame.ts. */
export interface PageFrame {
  /** Unknown while the database is away: the frame then shows the product's name. */
  stationName?: Localised
  /** The request carries a session cookie; nobody asked whether it is any good. Such a page is never stored. */
  hasSession: boolean
  /** To dial in an emergency. */
  emergencyNumbers: EmergencyNumbers
  /** Where "Exit this page" ends: a page of somebody else that says nothing. */
  exitPageUrl: string
}
