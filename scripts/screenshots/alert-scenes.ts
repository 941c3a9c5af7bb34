import type { Page } from '@playwright/test'
import { signIn, type Stage } from './stage.ts'

/** Alerts at the desk: what is to do, one in force with its chain, the composer with a drawn area, templates; then one that waits for a second person, and what came back of it. */
export async function writeAlerts(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  await signIn(page, url, 'lead@demo.linli')
  const open = (path: string) => page.goto(`${url}/${locale}/desk/alerts${path}`, { waitUntil: 'networkidle' })
  await open('')
  await shoot('desk-alerts')
  await open('?view=published')
  await page.locator('.alert-list').waitFor()
  await shoot('desk-alerts-published')
  await page.locator('.alert-list a').first().click()
  await page.locator('.desk-timeline').waitFor()
  await shoot('desk-alert')
  await open('/new')
  await page.locator('select').first().waitFor()
  await page.locator('select').first().selectOption({ index: 1 })
  await page.locator('select').first().locator('xpath=ancestor::div[contains(@class,"flex-wrap")][1]').getByRole('button').click()
  await page.locator('.area-map').scrollIntoViewIfNeeded()
  await page.getByRole('button', { name: /^Draw a shape|^在图上画范围|^画一个范围/ }).click()
  for (const [x, y] of [[0.3, 0.3], [0.6, 0.35], [0.5, 0.6]] as const) {
    const box = await page.locator('.area-map').boundingBox()
    if (box) await page.mouse.click(box.x + box.width * x, box.y + box.height * y)
  }
  await shoot('desk-alert-new')
  await open('/templates')
  await page.locator('article').first().waitFor()
  await shoot('desk-alert-templates')
  await reviewAndAnswer(page, { url, locale, shoot })
}

/** An orange one as its writer and as the second person see it, published by the chief alone, and a call for help under it. */
async function reviewAndAnswer(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  const open = (path: string, by: Page = page) => by.goto(`${url}/${locale}/desk/alerts${path}`, { waitUntil: 'networkidle' })
  const send = async (by: Page, path: string, data: object) => (await by.request.post(`${url}/api/${path}`, { data, headers: { origin: url } })).json() as Promise<{ alert: { identifier: string } }>
  const { communities } = await (await page.request.get(`${url}/api/desk/reference`)).json() as { communities: { id: string, slug: string }[] }
  const { alert: { identifier } } = await send(page, 'desk/alerts', {
    kind: 'warning', colour: 'orange', event: 'flooding', urgency: 'Expected', severity: 'Severe', certainty: 'Likely', expires: new Date(Date.now() + 8 * 3_600_000).toISOString(), contact: '平安里警务室 0000-555-0121',
    texts: {
      zh: { headline: '今晚有暴雨，老街低洼处可能积水', description: '今晚 20 时到明早 6 时有暴雨，平安里老街一带可能积水半米以上。', instruction: '一楼住户请把电瓶和贵重物品放到高处，行动不便的老人请今天傍晚前到社区活动室。' },
      en: { headline: 'Heavy rain tonight: Old Street may flood', description: 'Heavy rain from 20:00 to 6:00. Water may stand half a metre deep around Old Street.', instruction: 'Ground floor: put batteries and valuables up high. If you cannot walk well, come to the community room before evening.' },
    },
    areas: [{ kind: 'community', community: communities.find(({ slug }) => slug === 'ping-an')?.id }],
  })
  await open(`/${identifier}`)
  await page.locator('form textarea').first().waitFor()
  await page.locator('details:has(.alert-phone)').first().locator('summary').click()
  await shoot('desk-alert-draft')
  await send(page, `desk/alerts/${identifier}/submit`, {})

  const context = await page.context().browser()?.newContext({ viewport: page.viewportSize(), locale: locale === 'zh' ? 'zh-CN' : 'en-GB', baseURL: url })
  if (!context) return
  const chief = await context.newPage()
  await signIn(chief, url, 'chief@demo.linli')
  await open(`/${identifier}`, chief)
  await chief.locator('.alert-phone').first().waitFor()
  await shoot('desk-alert-review', chief)
  const { alert: { identifier: own } } = await send(chief, 'desk/alerts', {
    kind: 'warning', colour: 'red', event: 'fire', urgency: 'Immediate', severity: 'Extreme', certainty: 'Observed', expires: new Date(Date.now() + 4 * 3_600_000).toISOString(), isExercise: true,
    texts: { zh: { headline: '仓库起火，请离开学府路东段', description: '学府路东段仓库起火，浓烟向北。' } }, areas: [{ kind: 'station' }],
  })
  await open(`/${own}`, chief)
  await chief.getByRole('button', { name: /^Publish without a second person|^不经第二人发布/ }).click()
  await chief.getByRole('dialog').waitFor()
  await shoot('desk-alert-override', chief)
  await send(chief, `desk/alerts/${identifier}/publish`, {})
  for (const text of ['三号楼 402，母亲走不了路，水到门口了', undefined]) {
    await chief.request.post(`${url}/api/alerts/${identifier}/responses`, { data: { kind: 'help', ...(text && { text }), community: 'ping-an', locale: 'zh' }, headers: { origin: url, cookie: '' } })
  }
  await open(`/${identifier}`, chief)
  await chief.locator('.desk-danger').waitFor()
  await chief.locator('#alert-progress').waitFor()
  await shoot('desk-alert-answers', chief)
  await open('', chief)
  await chief.locator('.desk-danger').waitFor()
  await shoot('desk-alerts-help', chief)
  await context.close()
}
