/** What the frame of each residents' page shows, put on the event by server/plugins/page-frame.ts. */
export interface PageFrame {
  /** To dial in an emergency. */
  emergencyNumbers: { police: string, fire: string, medical: string }
  /** Where "Exit this page" ends: a page of somebody else that says nothing. */
  exitPageUrl: string
}
