declare module '#app' {
  interface PageMeta {
    /** Shows "Exit this page": on all pages about a report. */
    hasExit?: boolean
  }
}

export {}
