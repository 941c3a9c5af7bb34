import { expect, test } from '@playwright/test'
import { add, choose, list, openFiles } from './evidence-pages.ts'
import { fillReport, goOn, send, track } from './report-pages.ts'
import { aPdf, aPhoto, aText } from './sample-files.ts'

test('two files go with a report, with and without script, and the officer\'s opening is shown', async ({ page }) => {
  await fillReport(page)
  await page.getByRole('link', { name: '更改 已经添加的文件' }).click()
  await choose(page).setInputFiles(await aPhoto())
  await add(page)
  await expect(list(page)).toHaveCount(1)
  await choose(page).setInputFiles(aPdf())
  await add(page)
  await expect(list(page)).toHaveText([/照片 · \d+ KB/, /PDF 文件 · \d+ KB/])
  await goOn(page)

  await expect(page).toHaveURL(/\/reports\/new\/check$/)
  await expect(page.getByRole('main')).toContainText(/照片 · \d+ KB\s*PDF 文件 · \d+ KB/)
  const filed = await send(page)
  await track(page, filed)
  const picture = page.getByRole('link', { name: /^查看 照片/ })
  const answer = await page.request.get(await picture.getAttribute('href') ?? '')

  expect(answer.headers()).toMatchObject({ 'content-type': 'image/jpeg', 'content-disposition': expect.stringMatching(/^inline/) })
  expect((await answer.body()).includes('Secret Phone')).toBe(false)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^下载 PDF 文件/ }).click()])
  expect(download.suggestedFilename()).toMatch(new RegExp(`^${filed.reference}-[0-9a-f]{8}\\.pdf$`))
})

test('a file that was added can be removed again', async ({ page }) => {
  await openFiles(page)
  for (const file of [aPdf(), await aPhoto()]) {
    const before = await list(page).count()
    await choose(page).setInputFiles(file)
    await add(page)
    await expect(list(page)).toHaveCount(before + 1)
  }

  await page.getByRole('button', { name: '删除 1' }).click()

  await expect(list(page)).toHaveText([/照片/])
  await expect(page.getByRole('main')).toContainText('已经删除。')
})

test('a file of the wrong kind is refused in a sentence, and nothing else is lost', async ({ page }) => {
  await openFiles(page)
  await choose(page).setInputFiles(aPdf())
  await add(page)
  await expect(list(page)).toHaveCount(1)

  await choose(page).setInputFiles(aText())
  await add(page)

  await expect(page.getByRole('main')).toContainText('不支持这种文件')
  await expect(list(page)).toHaveCount(1)
})

test('a letter brings a file, and a file needs no letter', async ({ page }) => {
  await fillReport(page)
  await track(page, await send(page))

  await page.getByLabel('写信或补充情况').fill('这是当时的照片。')
  await choose(page).setInputFiles(await aPhoto())
  await page.getByRole('button', { name: '寄出' }).click()
  await expect(page.getByRole('article').getByRole('link', { name: /^查看 照片/ })).toBeVisible()
  await choose(page).setInputFiles(aPdf())
  await page.getByRole('button', { name: '寄出' }).click()

  await expect(page.getByRole('link', { name: /^下载 PDF 文件/ })).toBeVisible()
  await expect(page.getByRole('article')).toHaveCount(1)
})
