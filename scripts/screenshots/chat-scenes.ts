import type { Page } from '@playwright/test'
import { signIn, type Stage } from './stage.ts'

const words = {
  zh: { ask: '电动车被偷了怎么办', unclear: '房东不还', danger: '楼下着火了', story: '有人昨晚在平安里偷了我的电瓶车', person: '转人工', wait: '老人腿脚不便，能上门办居住登记吗？', answer: '您好，可以。我明天上午九点上门，请把户口簿准备好。', search: '电瓶车', nothing: 'zzzz' },
  en: { ask: 'my e-bike was stolen, what should I do', unclear: 'landlord keeps it', danger: 'help, my house is on fire', story: 'someone stole my e-bike last night in Ping An Li', person: 'I want to talk to a human', wait: 'My grandmother cannot walk far. Could somebody come to her for the registration?', answer: 'Hello, yes. I will come tomorrow at nine. Please have the household book ready.', search: 'e-bike', nothing: 'zzzz' },
} as const

/** Says something in the chat, or taps a choice, and waits for the answer. */
async function turn(page: Page, said: { text: string } | { choice: string }) {
  const before = await page.locator('.chat .of-resident').count()
  if ('text' in said) {
    await page.locator('.chat-say textarea').fill(said.text)
    await page.locator('.chat-say button[type=submit]').click()
  }
  else { await page.locator(`.chat-choices button[value^="${said.choice}"]`).first().click() }
  await page.locator('.chat .of-resident').nth(before).waitFor()
  await page.locator('enhance-chat-form:not([aria-busy])').waitFor({ timeout: 30_000 })
}

/** Questions, danger, and a report from one sentence to its receipt. */
export async function talk(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  const say = words[locale]
  await page.goto(`${url}/${locale}/chat`)
  await shoot('chat-begin')
  await turn(page, { text: say.ask })
  await shoot('chat-answer')
  await turn(page, { text: say.unclear })
  await shoot('chat-unclear')
  await turn(page, { text: say.danger })
  await shoot('chat-danger')
  await turn(page, { text: say.story })
  await shoot('chat-report-question')
  await turn(page, { choice: 'skip_rest' })
  await shoot('chat-report-contact')
  await turn(page, { choice: 'anonymous' })
  await shoot('chat-report-check')
  await turn(page, { choice: 'send' })
  await shoot('chat-report-filed')
}

/** A hand-over as the resident has it and as the desk has it, to its end. */
export async function handOver(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  const say = words[locale]
  await page.goto(`${url}/${locale}/chat`)
  await turn(page, { text: say.person })
  await shoot('chat-person')
  await turn(page, { choice: 'nothing' })
  await turn(page, { text: say.wait })
  await shoot('chat-person-waits')

  const desk = await page.context().browser()!.newContext({ viewport: page.viewportSize(), locale: locale === 'zh' ? 'zh-CN' : 'en-GB' })
  const officer = await desk.newPage()
  await signIn(officer, url, 'officer@demo.linli')
  await officer.goto(`${url}/${locale}/desk/chats`)
  await officer.locator('.desk-articles a').first().waitFor()
  await shoot('desk-chats', officer)
  // Who has waited longest comes first: ours is the last.
  await officer.locator('.desk-articles a').last().click()
  await officer.locator('textarea').waitFor()
  await shoot('desk-chat-waits', officer)
  await officer.locator('textarea').fill(say.answer)
  await officer.locator('form button[type=submit]').click()
  await officer.locator('.desk-letter.is-ours').waitFor()
  await page.locator('.chat .of-staff').waitFor()
  await shoot('chat-person-answers')
  await officer.locator('form button[type=button]').first().click()
  await officer.getByRole('dialog').waitFor()
  await shoot('desk-chat-end', officer)
  await officer.getByRole('dialog').locator('button[type=submit]').click()
  await officer.locator('section[role=status]').waitFor()
  await page.locator('.chat-choices button[value="rate.5"]').waitFor({ timeout: 15_000 })
  await shoot('chat-person-ended')
  await turn(page, { choice: 'rate.5' })
  await shoot('chat-person-rated')
  await officer.goto(`${url}/${locale}/desk/chats?view=closed`)
  await officer.locator('.desk-articles a').first().waitFor()
  await shoot('desk-chats-closed', officer)
  await officer.locator('.desk-articles a').first().click()
  await officer.locator('section[role=status]').waitFor()
  await shoot('desk-chat-closed', officer)
  await desk.close()
}

/** What residents read, and what a search finds. */
export async function readSafety(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  const say = words[locale]
  for (const [name, path] of Object.entries({ 'safety': '', 'safety-found': `?q=${encodeURIComponent(say.search)}`, 'safety-nothing': `?q=${say.nothing}`, 'safety-article': '/ebike-theft', 'safety-urgent': '/domestic-violence' })) {
    await page.goto(`${url}/${locale}/safety${path}`)
    await shoot(name)
  }
}

/** The articles at the desk: list, one with its preview and versions, a new one. */
export async function keepArticles(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  await signIn(page, url, 'lead@demo.linli')
  const open = (path: string) => page.goto(`${url}/${locale}/desk/knowledge${path}`, { waitUntil: 'networkidle' })
  await open('')
  await page.locator('.desk-articles').first().waitFor()
  await shoot('desk-knowledge')
  await open('/dogs')
  await shoot('desk-article')
  await page.locator('.desk-articles').waitFor()
  await page.locator('form > div:last-of-type > button').last().click()
  await page.locator('.desk-preview').first().waitFor()
  await shoot('desk-article-preview')
  await open('/new')
  await shoot('desk-article-new')
}

/** A resident's own way to news by Telegram. */
export async function linkTelegram(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  await signIn(page, url, 'resident@demo.linli')
  await page.goto(`${url}/${locale}/account/telegram`)
  await shoot('account-telegram')
}
