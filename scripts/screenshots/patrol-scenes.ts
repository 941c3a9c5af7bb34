import type { Page } from '@playwright/test'
import { signIn, type Stage } from './stage.ts'

/** Patrols as residents see them, a volunteer among them, and as the lead plans them. */
export async function patrol(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  const open = async (name: string, path: string) => {
    await page.goto(`${url}/${locale}${path}`, { waitUntil: 'networkidle' })
    await shoot(name)
  }
  await open('patrols', '/patrols')
  await signIn(page, url, 'resident@demo.linli')
  await open('patrols-apply', '/patrols/apply')
  await page.locator('#main form button[type=submit]').last().click()
  await shoot('patrols-apply-refused')
  await page.context().clearCookies()
  await signIn(page, url, 'volunteer@demo.linli')
  await open('patrols-me', '/patrols/me')
  const swap = page.locator('button[value=ask_swap]').first()
  if (await swap.count()) await swap.click()
  await shoot('patrols-me-swap')
  await open('patrols-points', '/patrols/points')
  await open('patrols-rewards', '/patrols/rewards')
  const order = page.locator('button[value=order]').first()
  if (await order.count()) await order.click()
  await shoot('patrols-rewards-ordered')
  await open('patrols-certificates', '/patrols/certificates')
  const certificate = await page.locator('article.card').first().getAttribute('aria-labelledby')
  await open('verify-certificate', `/verify?certificate=${certificate ?? ''}`)
  await open('verify-certificate-unknown', '/verify?certificate=PT-0000-0000-0000')
  await page.context().clearCookies()
  await signIn(page, url, 'lead@demo.linli')
  await open('desk-patrols', '/desk/patrols')
  await open('desk-patrols-volunteers', '/desk/patrols?tab=volunteers')
  await open('desk-patrols-series', '/desk/patrols?tab=series')
  await open('desk-patrols-points', '/desk/patrols?tab=points')
  await open('desk-patrols-rewards', '/desk/patrols?tab=rewards')
}
