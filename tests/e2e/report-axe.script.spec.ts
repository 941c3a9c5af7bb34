import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { fillReport, goOn, send, steps, track } from './report-pages.ts'

test('axe finds nothing on any page about a report', async ({ page }) => {
  test.setTimeout(180_000)
  await fillReport(page, { mode: '实名', description: '有人正在砸我家的门，救命' })
  await page.getByLabel('姓名').fill('王芳')
  await page.getByRole('radio', { name: '不要，只在这里回复' }).check()
  await goOn(page)
  const found: string[] = []
  for (const step of steps) await examine(`/zh/reports/new${step}`)
  await page.goto('/zh/reports/new/check')
  const filed = await send(page)
  await examine('/zh/reports/sent')
  await examine('/zh/reports/track')
  await track(page, { ...filed, receipt: 'wrong' })
  await examine()
  await track(page, filed)
  await page.getByLabel('写信或补充情况').fill('监控拍到了。')
  await page.getByRole('button', { name: '寄出' }).click()
  for (const details of await page.locator('summary').all()) await details.click()
  await examine()
  for (const part of ['withdraw', 'close']) await examine(`/zh/reports/${filed.reference}/${part}`)

  expect(found).toEqual([])

  async function examine(path?: string) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      if (path) await page.goto(path)
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
      found.push(...violations.map(({ id, nodes }) => `${colorScheme} ${new URL(page.url()).pathname}: ${id} ${nodes[0]?.html.slice(0, 160)}`))
    }
  }
})
