// What axe does not see by opening a page (every-page.script.spec.ts): refusals, the call card, an answered letter.
import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { fillReport, send, track } from './report-pages.ts'

for (const [colorScheme, width] of [['light', 390], ['dark', 1280]] as const) {
  test.describe(`in ${colorScheme} colours, ${width} pixels wide`, () => {
    test.use({ colorScheme, viewport: { width, height: 844 } })

    test('axe finds nothing on a step with the call card, at a wrong receipt and below a letter', async ({ page }) => {
      test.setTimeout(120_000)
      await fillReport(page, { description: '有人正在砸我家的门，救命' })
      await page.goto('/zh/reports/new/details')
      await expect(page.locator('.call-card')).toBeVisible()
      await expectNoFaults(page)
      await page.goto('/zh/reports/new/check')
      const filed = await send(page)
      await track(page, { ...filed, receipt: 'wrong' })
      await expect(page.locator('.error-summary')).toBeVisible()
      await expectNoFaults(page)
      await track(page, filed)
      await page.getByLabel('写信或补充情况').fill('监控拍到了。')
      await page.getByRole('button', { name: '寄出' }).click()
      await expect(page.getByText('监控拍到了。')).toBeVisible()
      for (const details of await page.locator('summary').all()) await details.click()
      await expectNoFaults(page)
    })

    test('axe finds nothing at a refused code', async ({ page }) => {
      await page.goto('/en/sign-in')
      await page.locator('#email').fill(`amina-${width}-${Date.now()}@example.test`)
      await page.locator('main form button').first().click()
      await page.waitForURL('**/sign-in/code')
      await page.locator('main form button').first().click()
      await expect(page.locator('.error-summary')).toBeVisible()
      await expectNoFaults(page)
    })
  })
}

async function expectNoFaults(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}
