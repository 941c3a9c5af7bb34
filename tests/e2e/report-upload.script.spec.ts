import { expect, test, type Page } from '@playwright/test'
import { fillReport, goOn } from './report-pages.ts'
import { aPdf, aPhoto, aText } from './sample-files.ts'

const choose = (page: Page) => page.getByLabel('选择文件')
const list = (page: Page) => page.locator('#files').getByRole('listitem')
const said = (page: Page) => page.locator('[data-upload] [role=status]')

test.beforeEach(async ({ page }) => {
  await fillReport(page)
  await expect(page).toHaveURL(/\/reports\/new\/check$/)
  await page.goto('/zh/reports/new/files?from=check')
})

test('several files go one after another without leaving the page, and "Continue" sends what is chosen first', async ({ page }) => {
  const posts: string[] = []
  page.on('request', request => request.method() === 'POST' && posts.push(request.resourceType()))
  await choose(page).setInputFiles([await aPhoto(), aPdf('a.pdf'), aPdf('b.pdf')])
  await page.getByRole('button', { name: '添加', exact: true }).click()

  await expect(said(page)).toHaveText('已经添加。')
  await expect(list(page)).toHaveCount(3)
  expect(posts).toEqual(['xhr', 'xhr', 'xhr'])
  await expect(choose(page)).toHaveValue('')
  await choose(page).setInputFiles(aPdf('c.pdf'))
  await goOn(page)

  await expect(page).toHaveURL(/\/reports\/new\/check$/)
  await expect(page.getByRole('main')).toContainText(/(PDF 文件 · \d+ KB\s*){3}/)
})

test('how far it is can be seen, and a refused one is named while the others arrive', async ({ page }) => {
  await page.route('**/reports/new/files*', async (route) => {
    if (route.request().method() === 'POST') await new Promise(resolve => setTimeout(resolve, 400))
    await route.continue()
  })
  await choose(page).setInputFiles([aPdf('a.pdf'), aText(), aPdf('b.pdf')])
  await page.getByRole('button', { name: '添加', exact: true }).click()

  await expect(said(page)).toContainText('1/3')
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expect(said(page)).toContainText(/^2: .*不支持这种文件/)
  await expect(list(page)).toHaveCount(2)
  await expect(page.getByRole('progressbar')).toBeHidden()
})

test('another file is chosen: nothing that was said about the one before is left, and what arrived is said once', async ({ page }) => {
  const complaints = page.locator('.field.wrong, #file-error, .error-summary').or(page.getByText('不支持这种文件')).or(page.getByText('请先选择一个文件'))
  const add = page.getByRole('button', { name: '添加', exact: true })
  await add.click()
  await expect(page.getByRole('alert')).toContainText('请先选择一个文件')
  await choose(page).setInputFiles(aText())
  await expect(complaints).toHaveCount(0)
  await add.click()
  await expect(said(page)).toContainText('不支持这种文件')
  await choose(page).setInputFiles(aPdf())
  await expect(complaints).toHaveCount(0)
  await add.click()

  await expect(page.getByText('已经添加。')).toHaveCount(1)
  await page.goto('/zh/reports/new/files?added&from=check')
  await choose(page).setInputFiles(aPdf('b.pdf'))
  await add.click()
  await expect(list(page)).toHaveCount(2)
  await expect(page.getByText('已经添加。')).toHaveCount(1)
})

test('a lost network is waited for, and the file arrives once', async ({ page, context }) => {
  await context.setOffline(true)
  await choose(page).setInputFiles(aPdf())
  await page.getByRole('button', { name: '添加', exact: true }).click()
  await expect(said(page)).toContainText('网络断了')

  await context.setOffline(false)

  await expect(said(page)).toHaveText('已经添加。', { timeout: 20_000 })
  await expect(list(page)).toHaveCount(1)
})

test('an answer that got lost does not make the file come twice', async ({ page }) => {
  let isLost = false
  await page.route('**/reports/new/files*', async (route) => {
    if (route.request().method() !== 'POST' || isLost) return route.continue()
    isLost = true
    await route.fetch({ maxRedirects: 0 })
    await route.abort('connectionreset')
  })
  await choose(page).setInputFiles(aPdf())
  await page.getByRole('button', { name: '添加', exact: true }).click()

  await expect(said(page)).toHaveText('已经添加。', { timeout: 20_000 })
  await expect(list(page)).toHaveCount(1)
})

test('what is too large is not even sent', async ({ page }) => {
  let posts = 0
  page.on('request', (request) => { if (request.method() === 'POST') posts++ })
  await choose(page).setInputFiles(aPdf('large.pdf', 30 * 1024 * 1024 + 1))
  await page.getByRole('button', { name: '添加', exact: true }).click()

  await expect(said(page)).toContainText('30 MB')
  expect(posts).toBe(0)
})
