import { randomUUID } from 'node:crypto'
import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'

const anAddress = () => `amina-${randomUUID().slice(0, 8)}@example.test`

async function expectNoAxeFaults(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
}

for (const locale of ['zh', 'en']) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the account pages have no fault that axe finds (${locale}, ${colorScheme})`, async ({ page }) => {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize(locale === 'zh' ? { width: 390, height: 844 } : { width: 1280, height: 800 })
      for (const path of ['sign-in', 'sign-in?left', 'sign-up', 'sign-out', 'privacy']) {
        await page.goto(`/${locale}/${path}`)
        await expectNoAxeFaults(page)
      }
      await page.goto(`/${locale}/sign-in`)
      await page.locator('#email').fill(anAddress())
      await page.locator('main form button').first().click()
      await expectNoAxeFaults(page)
      await page.locator('main form button').first().click()
      await expect(page.locator('.error-summary')).toBeVisible()
      await expectNoAxeFaults(page)
      await page.goto(`/${locale}/sign-in`)
      await page.locator('#email').fill('resident@demo.linli')
      await page.locator('details summary').click()
      await page.locator('#password').fill('linli-demo')
      await page.locator('main form button').first().click()
      await page.waitForURL(/\/account$/)
      await expectNoAxeFaults(page)
      for (const path of ['account/reports', 'account/password']) {
        await page.goto(`/${locale}/${path}`)
        await expectNoAxeFaults(page)
      }
    })
  }
}
