import type { Page } from '@playwright/test'
import type { Portal } from '../../tests/portal.ts'

/** What a scene may use: where the portal is, which language, and the camera. */
export interface Stage {
  url: string
  /** For what has to be arranged behind the pages. */
  portal: Portal
  locale: 'zh' | 'en'
  /** Takes a page as it stands, in light and in dark: the scene's own, or that of somebody else in it. */
  shoot: (name: string, of?: Page) => Promise<void>
}

/** Signs an account in, with the password of the demo unless it has its own. */
export async function signIn(page: Page, url: string, email: string, password = 'linli-demo'): Promise<void> {
  const answer = await page.request.post(`${url}/api/session`, { data: { email, password }, headers: { origin: url } })
  if (!answer.ok()) throw new Error(`${email} could not sign in: ${answer.status()}`)
}
