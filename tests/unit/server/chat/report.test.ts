import { describe, expect, it } from 'vitest'
import { AppError } from '#shared/errors'
import { aResident, buttonsOf, cardOf, wordsOf } from './dialogue.ts'

describe('a report in one sentence', () => {
  it('Amina tells of her e-bike: kind, time and place are understood, only the rest is asked', async () => {
    const amina = aResident('zh')

    const first = await amina.says('有人昨晚在平安里偷了我的电瓶车')
    expect(first.intent).toBe('report')
    expect(wordsOf(first)).toContain('盗窃')
    expect(wordsOf(first)).toContain('昨晚（11 月 21 日）')
    expect(wordsOf(first)).toContain('平安里')
    // From what was told: kind, time, place, the description itself, that it is an e-bike. So the first question is one that nobody could know.
    expect(wordsOf(first)).toContain('大约值多少钱')

    expect(wordsOf(await amina.says('三千多块，3200'))).toContain('附近有监控吗')
    const contact = await amina.taps('没有')
    expect(buttonsOf(contact)).toEqual(['匿名', '身份密封', '实名'])
    const check = await amina.taps('匿名')
    expect(cardOf(check, 'summary')).toMatchObject({ rows: [{ value: '盗窃、入室行窃' }, { value: '有人昨晚在平安里偷了我的电瓶车' }, { value: '平安里社区' }, { value: '昨晚（11 月 21 日）' }, { value: '电动车、自行车本身' }, { value: '电瓶车' }, { value: '3200' }, { value: '没有' }, { value: '匿名' }] })
    expect(amina.filed, 'nothing is sent before she says so').toEqual([])

    const sent = await amina.taps('提交')
    expect(amina.filed[0]?.input).toMatchObject({ category: 'theft', community: 'ping-an', occurredText: '昨晚（11 月 21 日）', description: '有人昨晚在平安里偷了我的电瓶车', answers: { stolen_from: 'ebike', things: '电瓶车', value_yuan: '3200', camera: 'none' }, contact: { mode: 'anonymous' } })
    expect(cardOf(sent, 'report')).toMatchObject({ reference: 'LL-7K3Q-9XPA', receipt: '0123-4567-89AB-CDEF-GHJK-MNPQ' })
    expect(sent.replies[0]?.once).toBe(true)
    expect(sent.commands).toEqual([{ do: 'forget_words', fromTurn: 1 }])
    expect(JSON.stringify(sent.state), 'neither story nor receipt stay in the state').not.toMatch(/0123|电瓶车|LL-/)
  })

  it('says when the report is read after the others, and whom to call if it cannot wait; "I have saved them" goes on', async () => {
    const amina = aResident('zh', { ports: { fileReport: async () => ({ reference: 'LL-7K3Q-9XPA', receipt: '0123456789ABCDEFGHJKMNPQ', urgency: 'normal', timeZone: 'Asia/Shanghai', isNobodyOnDuty: false, waitsApart: true }) } })
    await amina.says('有人昨晚在平安里偷了我的电瓶车')
    await amina.taps('后面的都跳过')
    await amina.taps('匿名')

    expect(wordsOf(await amina.taps('提交'))).toContain('请打派出所电话 0000，报上编号')
    expect(wordsOf(await amina.taps('我存好了'))).toContain('凭编号和回执')
  })

  it('Bo does it in English', async () => {
    const bo = aResident('en')

    expect(wordsOf(await bo.says('Someone stole my bike last night in Ping An'))).toContain('I understand: Theft or burglary, last night (2026-11-21), Ping\'an Community')
    await bo.taps('Skip the rest')
    await bo.taps('With my name')
    const check = await bo.says('Bo Chen, 0000-555-0199')
    expect(cardOf(check, 'summary')).toMatchObject({ rows: expect.arrayContaining([{ label: 'How to reach you', value: 'Bo Chen, 0000-555-0199' }]) })
    await bo.says('send')

    expect(bo.filed[0]?.input).toMatchObject({ category: 'theft', answers: { stolen_from: 'ebike', things: 'bike' }, contact: { mode: 'named', name: 'Bo Chen', phone: '0000-555-0199' } })
  })

  it('everything is asked of whoever only says that they want to report', async () => {
    const chen = aResident('zh')
    expect(buttonsOf(await chen.says('我要报案'))).toContain('盗窃、入室行窃')
    expect(wordsOf(await chen.taps('噪音、邻里纠纷（可调解）'))).toContain('发生了什么')
    expect(wordsOf(await chen.says('楼上每天半夜拖家具，吵得孩子睡不着'))).toContain('在哪里')
    expect(wordsOf(await chen.taps('长乐坊社区'))).toContain('什么时候')
    expect(wordsOf(await chen.taps('说不准'))).toContain('调解')
    expect(wordsOf(await chen.taps('愿意'))).toContain('什么时候吵')
    await chen.taps('晚上 10 点前')
    const ticked = await chen.taps('晚上 10 点后')
    expect(buttonsOf(ticked).slice(0, 3)).toEqual(['✓ 晚上 10 点前', '✓ 晚上 10 点后', '选好了'])
    await chen.taps('选好了')
    await chen.taps('匿名')
    await chen.taps('提交')

    expect(chen.filed[0]?.input).toMatchObject({ category: 'noise_dispute', community: 'chang-le', answers: { wants_mediation: 'yes', times: ['evening', 'night'] } })
  })
})

describe('at the check', () => {
  const toCheck = async () => {
    const amina = aResident('zh')
    await amina.says('有人昨晚在平安里偷了我的电瓶车')
    await amina.taps('后面的都跳过')
    await amina.taps('匿名')
    return amina
  }

  it.each([
    ['地点', '长乐坊社区', { community: 'chang-le' }],
    ['时间', '昨天', { occurredText: '昨天' }],
    ['身份', '匿名', { contact: { mode: 'anonymous' } }],
    ['从哪里被偷的？', '家里', { answers: { stolen_from: 'home' } }],
  ])('the line “%s” is changed, and the check comes back', async (line, label, expected) => {
    const amina = await toCheck()
    expect(buttonsOf(await amina.taps('修改'))).toContain(line)
    await amina.taps(line)

    expect(cardOf(await amina.taps(label), 'summary')).toBeDefined()

    await amina.taps('提交')
    expect(amina.filed[0]?.input).toMatchObject(expected)
  })

  it('the story itself is written anew', async () => {
    const amina = await toCheck()
    await amina.taps('修改')
    await amina.taps('经过')
    await amina.says('昨晚九点到十二点之间，楼下的电瓶车被人撬锁推走了')
    await amina.taps('提交')

    expect(amina.filed[0]?.input.description).toContain('撬锁推走')
  })

  it('another kind of matter asks its own questions and forgets the others', async () => {
    const amina = await toCheck()
    await amina.taps('修改')
    await amina.taps('类别')
    expect(wordsOf(await amina.taps('噪音、邻里纠纷（可调解）'))).toContain('调解')
    await amina.taps('愿意')
    await amina.taps('跳过')
    await amina.taps('提交')

    expect(amina.filed[0]?.input.answers).toEqual({ wants_mediation: 'yes' })
  })

  it.each(['取消', '算了', '/cancel'])('“%s” ends it with nothing sent', async (words) => {
    const amina = await toCheck()

    const answer = await amina.says(words)

    expect(answer.intent).toBe('cancel')
    expect(answer.state.dialogue).toBeUndefined()
    expect(amina.filed).toEqual([])
  })

  it('a second tap on “send” files nothing twice', async () => {
    const amina = await toCheck()
    const send = amina.conversation.state.offered.find(({ label }) => label === '提交')?.id
    await amina.turn({ choice: send })

    expect((await amina.turn({ choice: send })).intent).toBe('stale')
    expect(amina.filed).toHaveLength(1)
  })

  it('a repeat after a crash carries the same key', async () => {
    const amina = await toCheck()
    const before = structuredClone(amina.conversation.state)
    await amina.taps('提交')
    amina.conversation.state = before
    await amina.turn({ choice: before.offered.find(({ label }) => label === '提交')?.id })

    expect(amina.filed.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`chat-report-${before.dialogue?.id}`, `chat-report-${before.dialogue?.id}`])
  })

  it('a button of an earlier step answers no newer question', async () => {
    const amina = aResident('zh')
    const first = await amina.says('我要报案')
    const theft = first.replies[0]?.choices?.find(({ label }) => label.startsWith('盗窃'))?.id
    await amina.taps('其他')

    expect((await amina.turn({ choice: theft })).intent).toBe('stale')
    expect(amina.conversation.state.dialogue?.slots).toMatchObject({ category: 'other' })
  })
})

describe('what is no answer to a question of the report', () => {
  const atValue = async (locale: 'zh' | 'en' = 'zh') => {
    const chen = aResident(locale)
    await chen.says(locale === 'zh' ? '有人昨晚在平安里偷了我的电瓶车' : 'someone stole my e-bike last night in Ping\'an')
    expect(chen.conversation.state.dialogue?.step).toBe('ask:value_yuan')
    return chen
  }

  it.each(['算了，我不报了', '算了吧', '我不想报了', '不弄了', '这个太麻烦，我不报了'])('ends it when it says so: %s', async (words) => {
    const chen = await atValue()

    expect(await chen.says(words)).toMatchObject({ intent: 'cancel' })
    expect(chen.conversation.state.dialogue).toBeUndefined()
  })

  it.each(['stop i dont want', 'never mind', 'forget it', 'i don\'t want to do this any more'])('ends it in English, too: %s', async (words) => {
    const joseph = await atValue('en')

    expect(await joseph.says(words)).toMatchObject({ intent: 'cancel' })
  })

  it('shows a way out beside the question', async () => {
    const chen = await atValue()
    const answer = await chen.says('绿源牌的，白色')

    expect(wordsOf(answer)).toContain('请写一个数字')
    expect(buttonsOf(answer)).toContain('取消')
    expect(await chen.taps('取消')).toMatchObject({ intent: 'cancel' })
  })

  it('is answered when it was a question, and the question of the report comes back', async () => {
    const chen = await atValue()
    const answer = await chen.says('身份证丢了怎么补办？')

    expect(answer).toMatchObject({ intent: 'ask', article: 'lost-id-card' })
    expect(wordsOf(answer)).toContain('大约值多少钱')
    expect(chen.conversation.state.dialogue?.step).toBe('ask:value_yuan')
    await chen.says('两千八百块吧')
    expect(chen.conversation.state.dialogue?.slots).toMatchObject({ answers: { value_yuan: '2800' } })
  })

  it('a question while the officer\'s community is asked is answered as well', async () => {
    const chen = aResident('zh')
    await chen.says('找民警')

    expect(await chen.says('电动车被偷了怎么办？')).toMatchObject({ article: 'ebike-theft' })
  })

  it('names neither where nor when: a question and the wish to stop', async () => {
    const chen = aResident('zh')
    await chen.says('报案')
    await chen.says('盗窃、入室行窃')
    await chen.says('车棚里的电瓶车被人骑走了，锁被剪断')
    expect(chen.conversation.state.dialogue?.step).toBe('place')

    expect(wordsOf(await chen.says('为什么要问这个？'))).toContain('请点社区或者写地址')
    expect(chen.conversation.state.dialogue?.step).toBe('place')
    await chen.says('不太清楚，好像是学府街那边')
    expect(chen.conversation.state.dialogue).toMatchObject({ step: 'when', slots: { place: { address: '不太清楚，好像是学府街那边' } } })
    expect(wordsOf(await chen.says('你们什么时候来？'))).toContain('没看懂时间')
    await chen.says('记不清了')
    expect(chen.conversation.state.dialogue?.slots).toMatchObject({ when: { occurredText: '说不准' } })
    expect(await chen.says('算了，不想弄了')).toMatchObject({ intent: 'cancel' })
  })

  it.each([['没有', 'none'], ['没有监控', 'none'], ['有，已经存下来了', 'saved'], ['有', undefined]])('an option in own words is that option, where they begin alike: %s', async (words, option) => {
    const chen = await atValue()
    await chen.says('两千八')
    expect(chen.conversation.state.dialogue?.step).toBe('ask:camera')

    await chen.says(words)

    expect(chen.conversation.state.dialogue).toMatchObject(option ? { step: 'contact', slots: { answers: { camera: option } } } : { step: 'ask:camera' })
  })

  it('with nothing under way, "I am not reporting it" sends nobody to withdraw', async () => {
    expect(await aResident().says('不报了')).toMatchObject({ intent: 'cancel' })
  })

  it('a line that is named at the check is asked again', async () => {
    const chen = await atValue()
    await chen.taps('后面的都跳过')
    await chen.taps('匿名')
    await chen.says('时间错了，是前天晚上九点')
    expect(chen.conversation.state.dialogue?.step).toBe('when')

    expect(cardOf(await chen.says('前天晚上九点'), 'summary')).toBeDefined()
  })
})

describe('while a report is made', () => {
  it('danger shows the card and the dialogue goes on; the report carries the kind', async () => {
    const amina = aResident('zh')
    await amina.says('我要报案')
    await amina.taps('其他')

    const answer = await amina.says('他现在拿着刀在砸我家的门，救命')

    expect(answer.intent).toBe('emergency')
    expect(cardOf(answer, 'emergency')).toMatchObject({ number: '110' })
    expect(wordsOf(answer)).toContain('在哪里')
    await amina.taps('平安里社区')
    await amina.taps('匿名')
    await amina.taps('提交')
    expect(amina.filed[0]?.emergencyKind).toBeDefined()
  })

  it('a cry for help is no answer: not the place, not the time, not the money', async () => {
    const chen = aResident('zh')
    await chen.says('报案')
    await chen.says('我电动车被偷了')
    expect(chen.conversation.state.dialogue).toMatchObject({ step: 'place', slots: { description: '我电动车被偷了' } })

    const answer = await chen.says('帮帮我，他现在拿着刀在敲我家门')
    expect(cardOf(answer, 'emergency')).toMatchObject({ number: '110' })
    expect(wordsOf(answer)).toContain('在哪里')
    expect(chen.conversation.state.dialogue).toMatchObject({ step: 'place', slots: { emergencyKind: expect.any(String) } })
    expect(chen.conversation.state.dialogue?.slots.place).toBeUndefined()
    expect(wordsOf(await chen.says('继续'))).toContain('没认出是哪里')
  })

  it.each([['zh', '我要找个人说话', 'person'], ['en', 'I want to speak to a human', 'person'], ['en', 'delete my data', 'delete'], ['zh', '删除我的数据', 'delete']] as const)('another wish is heard in the middle of a question (%s: %s)', async (locale, words, intent) => {
    const chen = aResident(locale)
    await chen.says(locale === 'zh' ? '有人昨晚在平安里偷了我的电瓶车' : 'someone stole my e-bike last night in Ping\'an')

    expect((await chen.says(words)).intent).toBe(intent)
  })

  it('"dunno" is an answer about the time, and "no name" one about who somebody is', async () => {
    const bo = aResident('en')
    await bo.says('report')
    await bo.taps('Other')
    await bo.says('somebody painted the wall of the bike shed')
    await bo.taps('Ping\'an Community')
    await bo.says('dunno')
    expect(bo.conversation.state.dialogue?.step).toBe('contact')
    expect(cardOf(await bo.says('no name please'), 'summary')).toBeDefined()
  })

  it('how somebody got in is asked about a home, not about what stood in the street', async () => {
    const [amina, bo] = [aResident('zh'), aResident('zh')]

    const home = [wordsOf(await amina.says('昨晚在平安里家里被偷了一台电脑')), wordsOf(await amina.says('6000'))].join()
    await bo.says('有人昨晚在平安里偷了我的电瓶车')
    const bike = [wordsOf(await bo.says('3200')), wordsOf(await bo.taps('没有'))].join()

    expect(home).toContain('怎么进来')
    expect(bike).not.toContain('怎么进来')
  })

  it('the day and the place are heard as people say them: 昨儿, 今儿个, 停在 what stood there', async () => {
    const days: [string, string][] = [['昨儿晚上', '11 月 21 日'], ['今儿个早上', '11 月 22 日'], ['昨儿个夜里', '11 月 21 日']]
    for (const [said, day] of days) expect(wordsOf(await aResident('zh').says(`${said}在平安里我的电瓶车被偷了`)), said).toContain(day)
    const bo = aResident('zh')

    await bo.says('昨儿我的电瓶车停在平安里学府街27号门口被偷了')
    await bo.taps('后面的都跳过')

    expect(cardOf(await bo.taps('匿名'), 'summary')).toMatchObject({ rows: expect.arrayContaining([{ label: '地点', value: '平安里社区，学府街27号门口' }]) })

    const chen = aResident('zh')
    await chen.says('昨晚平安里停车场门口有人偷了我的电瓶车')
    await chen.taps('后面的都跳过')
    expect(cardOf(await chen.taps('匿名'), 'summary')).toMatchObject({ rows: expect.arrayContaining([{ label: '地点', value: '平安里社区，停车场门口' }]) })
  })

  it('Telegram warns and names the web form before the first question', async () => {
    const [first] = (await aResident('zh', { channel: 'telegram' }).says('/report')).replies

    expect(first).toMatchObject({ text: expect.stringContaining('不是端到端加密'), link: { href: '/zh/reports/new' } })
  })

  it('a file that is too large is explained, and the question asked again', async () => {
    const amina = aResident('zh', { channel: 'telegram' })
    await amina.says('有人昨晚在平安里偷了我的电瓶车')
    const answer = await amina.turn({ file: { refused: 'too_large' } })

    expect(wordsOf(answer)).toContain('20 MB')
    expect(wordsOf(answer)).toContain('大约值多少钱')
  })

  it('violence at home asks how it is safe to be reached', async () => {
    const amina = aResident('zh')
    await amina.says('我要报案')
    await amina.taps('家庭暴力')
    await amina.says('我丈夫上周打了我，孩子也看见了')
    await amina.taps('平安里社区')
    if (amina.conversation.state.dialogue?.step === 'when') await amina.taps('说不准')
    expect(wordsOf(await amina.taps('身份密封'))).toContain('安全')
    await amina.taps('不要联系我，只在这里回复')

    expect(amina.conversation.state.dialogue?.step).toBe('check')
  })

  it('too many at once is said, and nothing is lost', async () => {
    const amina = aResident('zh', { ports: { fileReport: async () => { throw new AppError('rate_limited', { seconds: 60 }) } } })
    await amina.says('有人昨晚在平安里偷了我的电瓶车')
    await amina.taps('后面的都跳过')
    await amina.taps('匿名')

    const answer = await amina.taps('提交')

    expect(wordsOf(answer)).toContain('60')
    expect(answer.state.dialogue?.step).toBe('check')
  })
})
