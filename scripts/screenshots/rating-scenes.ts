import type { Page } from '@playwright/test'
import { aVerifiedResident, newPassword, openRatingRound } from '../../tests/arrange-rating.ts'
import { signIn, type Stage } from './stage.ts'

/** A round of ratings as a guest and a verified resident see it on their phones. */
export async function rateOfficers(page: Page, { url, portal, locale, shoot }: Stage): Promise<void> {
  await openRatingRound(portal)
  const open = async (name: string, path: string) => {
    await page.goto(`${url}/${locale}${path}`, { waitUntil: 'networkidle' })
    await shoot(name)
  }
  await open('ratings', '/ratings')
  await open('ratings-open', '/ratings?community=ping-an')
  // The job that publishes the rounds that are over has run with the others.
  await open('ratings-results', '/ratings/results')
  await signIn(page, url, await aVerifiedResident(portal), newPassword)
  await open('ratings-ballot', '/ratings?community=ping-an')
  await page.locator('details summary').first().click()
  await page.locator('[name=knows][value=yes]').check()
  await page.locator('[name=satisfied][value="4"]').check()
  await page.locator('[name=comment]').fill(locale === 'zh' ? '楼下王师傅 13812345678 说路灯坏了，民警第二天就来看了。' : 'Mr Wang downstairs (13812345678) told him about the street lamp and he came the next day.')
  await page.waitForTimeout(600)
  await page.locator('form button[type=submit]').last().click()
  await page.waitForTimeout(1500)
  await shoot('ratings-waiting')
  await page.waitForURL(/did=ballot/, { timeout: 40_000 })
  await shoot('ratings-counted')
  await page.context().clearCookies()
  await signIn(page, url, 'chief@demo.linli')
  await open('ratings-desk', '/desk/ratings')
  await open('ratings-settings', '/desk/settings?section=ratings')
}
