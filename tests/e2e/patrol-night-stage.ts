import { randomUUID } from 'node:crypto'
import { expect, type Browser, type Page } from '@playwright/test'
import * as arranged from '../arrange-night.ts'
import { codeFor } from '../mailbox.ts'
import type { Portal } from '../portal.ts'

const portal = { url: process.env.LINLI_E2E_URL ?? '', dataDir: process.env.LINLI_E2E_DATA_DIR ?? '' } as Portal

/** Somebody new with a phone in hand, signed in by a mailed code. */
export async function aPhone(browser: Browser, { script }: { script: boolean }): Promise<{ page: Page, email: string }> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, baseURL: portal.url, javaScriptEnabled: script, locale: 'en-GB' })
  const page = await context.newPage()
  const email = `${randomUUID().slice(0, 12)}@example.test`
  await page.goto('/en/sign-up')
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Your community').selectOption('ping-an')
  await page.getByLabel('I agree to having an account').check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Code').fill(await codeFor(portal.url, email))
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page).toHaveURL(/\/en\/account/)
  return { page, email }
}

/** As the tests of the API arrange it, on the portal of the browser. */
export const arrangeNight = (...[people, options]: Parameters<typeof arranged.arrangeNight> extends [Portal, ...infer Rest] ? Rest : never) => arranged.arrangeNight(portal, people, options)
export const aRouteWithPosters = () => arranged.aRouteWithPosters(portal)
