/** What the portal needs before it can serve. */
export interface Readiness {
  isReady: boolean
  checks: Record<string, boolean>
}

/** Can the portal do its work now? */
export async function checkReady(): Promise<Readiness> {
  const checks = { process: true }
  return { isReady: Object.values(checks).every(Boolean), checks }
}
