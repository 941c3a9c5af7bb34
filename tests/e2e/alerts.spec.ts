import { expect, test, type Page } from '@playwright/test'

interface Known { identifier: string, kind: string, isExercise: boolean, endedBy: unknown, chain: string, texts: { zh: { headline: string, description: string, instruction: string | null }, en?: unknown } }

const current = async (page: Page): Promise<Known[]> => (await (await page.request.get('/api/alerts')).json() as { alerts: Known[] }).alerts
const code = ({ identifier }: Known) => identifier.slice(4)

test('a resident sees what is going on at the front door, filters the list and reads one alert with all that came before', async ({ page }) => {
  await page.goto('/zh')
  const now = page.getByRole('region', { name: '正在生效' })
  await expect(now.getByRole('article').first()).toBeVisible()
  const known = new Set((await current(page)).map(({ identifier }) => identifier))
  const atTheDoor = await now.getByRole('article').getByRole('heading').getByRole('link').evaluateAll(links => links.map(link => link.getAttribute('href')?.split('/').at(-1) ?? ''))
  expect(atTheDoor.filter(identifier => !known.has(identifier))).toEqual([])
  // The door shows the most serious ones, and other tests publish some: the list has all.
  await now.getByRole('link', { name: /查看全部 \d+ 条/ }).click()
  await page.getByRole('heading', { name: '有人冒充社保局' }).getByRole('link').first().click()

  await expect(page.getByRole('heading', { level: 1 })).toContainText('有人冒充社保局打电话')
  await expect(page.getByText('更新：黄色预警 · III级（较重）').first()).toBeVisible()
  await expect(page.getByRole('heading', { name: '请这样做' })).toBeVisible()
  await expect(page.getByRole('img', { name: /网格地图/ })).toBeVisible()
  await page.getByRole('region', { name: '这件事的前后' }).getByRole('link').click()
  await expect(page.getByText('这一条已经更新，请以最新的为准。')).toBeVisible()

  await page.goto('/zh/alerts')
  await page.getByLabel('社区').selectOption('和谐苑')
  await page.getByLabel('种类').selectOption('预警')
  await page.getByRole('button', { name: '筛选' }).click()
  const cards = page.getByRole('region', { name: '正在生效' }).getByRole('article')
  await expect(cards.filter({ hasText: '大雨' }).first()).toBeVisible()
  const texts = await cards.allTextContents()
  expect(texts.findIndex(text => text.includes('大雨'))).toBeLessThan(texts.findIndex(text => text.includes('【演练】')))
  await expect(cards.filter({ hasText: '【演练】' })).toContainText('演练 · 橙色预警')
  await expect(cards.filter({ hasText: '社保局' })).toHaveCount(0)
})

test('what is missing in a language is shown all the same, and said; a typed short code finds its alert; the poster carries a QR code', async ({ page }) => {
  const rain = (await current(page)).find(({ texts }) => !texts.en)!

  await page.goto(`/en/alerts/${code(rain).toLowerCase().replace('-', '')}`)
  await expect(page).toHaveURL(`/en/alerts/${rain.identifier}`)
  await expect(page.getByText('This alert has no English text yet.')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveAttribute('lang', 'zh')

  await page.getByRole('link', { name: 'Print as a poster' }).click()
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible()
  await expect(page.getByText(code(rain))).toBeVisible()
  expect((await page.goto('/en/alerts/LLA-ZZZZ-ZZZZ'))?.status()).toBe(404)
})

test('the poster of a long message is one sheet of A4, with nothing of the page around it', async ({ page }) => {
  const scam = (await current(page)).find(({ texts }) => texts.zh.headline.includes('社保局'))!
  for (const locale of ['zh', 'en']) {
    await page.goto(`/${locale}/alerts/${scam.identifier}/poster`)
    expect((await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type \/Page\b/g), locale).toHaveLength(1)
    await page.emulateMedia({ media: 'print' })
    await expect(page.getByRole('contentinfo')).toBeHidden()
    await page.emulateMedia({ media: null })
  }
})

test('other systems read the same by CAP, GB/T 35965.1, Atom and JSON, and are told when nothing changed', async ({ request, page }) => {
  const [first] = await current(page)
  const types: Record<string, string> = {
    [`/feeds/alerts/${first!.identifier}.cap.xml`]: 'application/cap+xml', [`/feeds/alerts/${first!.identifier}.gbt.xml`]: 'application/xml', [`/feeds/alerts/${first!.identifier}.statement.json`]: 'application/json',
    '/feeds/alerts.atom': 'application/atom+xml', '/feeds/alerts.atom?locale=en': 'application/atom+xml', '/feeds/alerts.json': 'application/feed+json', '/feeds/communities/ping-an.atom': 'application/atom+xml',
  }
  for (const [path, type] of Object.entries(types)) {
    const answer = await request.get(path)
    expect(answer.status(), path).toBe(200)
    expect(answer.headers()['content-type'], path).toContain(type)
    expect(await answer.text(), path).toContain(first!.identifier)
    const again = await request.get(path, { headers: { 'if-none-match': answer.headers().etag! } })
    expect(again.status(), path).toBe(304)
    expect(await again.body()).toHaveLength(0)
  }
  for (const path of ['/feeds/alerts/LLA-ZZZZ-ZZZZ.cap.xml', '/feeds/communities/atlantis.atom']) expect((await request.get(path)).status(), path).toBe(404)
})

test('a forwarded message is checked: genuine with greetings, altered with the place named, unknown with a way to the desk', async ({ page }) => {
  const scam = (await current(page)).find(({ texts }) => texts.zh.headline.includes('社保局'))!
  const { headline, description } = scam.texts.zh
  const check = async (text: string) => {
    await page.goto('/zh/alerts')
    await page.getByRole('link', { name: '查一查：转来的消息是真的吗' }).click()
    await page.getByLabel('要查的消息').fill(text)
    await page.getByRole('button', { name: '查一查' }).click()
  }

  await check(`各位邻居早上好！\n${headline}\n${description}`)
  await expect(page.getByRole('status')).toHaveText('是真的')
  await expect(page.getByRole('link', { name: headline })).toBeVisible()

  await check(`${headline}\n${description.replace('8600', '86000')}`)
  await expect(page.getByRole('status')).toHaveText('被人改过，不要信')
  await expect(page.getByRole('row').nth(1)).toContainText('86000')
  await expect(page.getByRole('row').nth(1)).toContainText('8600')

  await check('紧急扩散！今天下午有人在学校门口抢孩子，已经丢了三个，转发救人！')
  await expect(page.getByRole('status')).toHaveText('没有查到，我们没发过这一条')
  await page.getByRole('button', { name: '转给派出所看看' }).click()
  await expect(page).toHaveURL('/zh/reports/new/category')
  await page.locator('[name=category][value=traffic]').check()
  for (const step of ['place', 'when', 'details']) {
    await page.locator('main form:not([action*=exit]) button:not([formaction]):not([name=remove])').last().click()
    await page.waitForURL(`**/${step}`)
    if (step === 'place') await page.locator('select[name=grid]').selectOption({ index: 1 })
    if (step === 'when') await page.locator('main [type=radio]').first().check()
  }
  await expect(page.locator('textarea[name=description]')).toHaveValue(/有人在学校门口抢孩子/)
})

test('somebody asks for alerts by mail, says yes, changes the hours and stops with one tap; and answers an alert', async ({ page, baseURL }, { project }) => {
  const address = `alerts-${project.name}-${Date.now()}@example.com`
  await page.goto('/zh/alerts')
  await page.getByRole('link', { name: '订阅预警' }).click()
  await page.getByRole('button', { name: '订阅' }).click()
  await expect(page.getByRole('link', { name: /邮箱/ })).toBeVisible()
  await page.getByRole('checkbox', { name: '平安里' }).check()
  await page.getByLabel('邮箱').fill(address)
  await page.getByRole('button', { name: '订阅' }).click()
  await expect(page.getByRole('status')).toContainText('请去邮箱查收')

  const { mails } = await (await page.request.get('/api/desk/mailbox')).json() as { mails: { to: string, body: string }[] }
  const link = mails.find(({ to }) => to === address)?.body.match(/\/zh\/alerts\/confirm\/[\w-]+/)?.[0]
  await page.goto(`${baseURL}${link}`)
  await page.getByRole('button', { name: '确认' }).click()
  await expect(page.getByRole('checkbox', { name: '平安里' })).toBeChecked()
  await page.locator('[name=quietFrom]').fill('23:00')
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('status')).toHaveText('已经保存。')
  await expect(page.locator('[name=quietFrom]')).toHaveValue('23:00')
  await page.getByRole('button', { name: '退订' }).click()
  await expect(page.getByRole('status')).toContainText('已经退订')

  const scam = (await current(page)).find(({ texts }) => texts.zh.headline.includes('社保局'))!
  await page.goto(`/zh/alerts/${scam.identifier}`)
  await page.getByRole('button', { name: '我平安' }).click()
  await expect(page.getByRole('status')).toContainText('您平安就好')
  await page.getByText('我需要帮助').click()
  const help = page.getByRole('region', { name: '您那边怎么样？' })
  await expect(help.getByRole('link', { name: /110/ })).toBeVisible()
  await help.getByRole('textbox').fill('5 号楼 302，两位老人')
  await help.getByRole('button', { name: /发给派出所/ }).click()
  await expect(page.getByRole('status')).toContainText('110')
  await page.getByRole('button', { name: '我有线索' }).click()
  await expect(page).toHaveURL('/zh/reports/new/category')
})
