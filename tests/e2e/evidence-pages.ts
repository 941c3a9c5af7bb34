import { expect, type Page } from '@playwright/test'
import { fillReport } from './report-pages.ts'

/** The step of the files, opened from the check. */
export async function openFiles(page: Page) {
  await fillReport(page)
  await expect(page).toHaveURL(/\/reports\/new\/check$/)
  await page.goto('/zh/reports/new/files?from=check')
}

export const choose = (page: Page) => page.getByLabel(/^(选择文件|附一个文件)/)
export const add = (page: Page) => page.getByRole('button', { name: '添加', exact: true }).click()
export const list = (page: Page) => page.locator('#files').getByRole('listitem')
