import { describe, expect, it } from 'vitest'
import { draftNotice } from '#shared/communities/case-notice'
import { findPersonalData } from '#shared/trust/personal-data'

const kinds = (text: string) => findPersonalData(text).map(({ kind }) => kind)

describe('the check of personal data', () => {
  it.each([
    ['失主张先生住平安里14号楼2单元301室，电话13800000021。', ['name', 'address', 'phone']],
    ['嫌疑人李某（男，32岁）已被依法处理。', ['name', 'age']],
    ['身份证 11010519491231002X，车牌京A·12345。', ['id_number', 'plate']],
    ['联系人姓名：林秀芬，邮箱 lin@example.cn', ['name', 'email']],
    ['欧阳老师报的案', ['name']],
    ['订单编号 20261105887 的快递', ['number']],
    ['Mr. Smith of 12 Xuefu Street, flat 3, aged 71, told us.', ['name', 'address', 'address', 'age']],
    ['Call 010-55501234 and ask.', ['phone']],
  ])('finds what names somebody in "%s"', (text, found) => {
    expect(kinds(text)).toEqual(found)
  })

  it.each([
    '2026年10月，平安里发生的三起电动车被盗案已经破获，追回电瓶四组。请大家锁好车，楼道里不要充电。',
    '遇到陌生来电要求转账，请挂断后拨打 110 或 96110；办事找社区民警，市民热线 12345。',
    'Two thefts of scooters in October 2026 are solved. Lock your scooter; call 110 when you see something.',
    '白色的墙、黄色的门、方便的话请关好窗。',
  ])('leaves alone: "%s"', (text) => {
    expect(findPersonalData(text)).toEqual([])
  })

  it('says each stretch once', () => {
    expect(findPersonalData('张先生和张先生')).toEqual([{ kind: 'name', text: '张先生' }])
  })
})

describe('the first draft of a notice', () => {
  it('takes kind, place and month of the case, passes the check, and names nobody', () => {
    const draft = draftNotice({ category: { zh: '被盗', en: 'Theft' }, community: { zh: '平安里', en: 'Ping\'an' }, receivedOn: '2026-10-17' })

    expect(draft.body.zh).toContain('2026年10月，平安里')
    expect(draft.body.en).toContain('October 2026')
    expect([draft.title, draft.body].flatMap(({ zh, en }) => [zh, en]).flatMap(findPersonalData)).toEqual([])
    expect(JSON.stringify(draft)).not.toContain('17')
  })

  it('of a case without a community speaks of the area', () => {
    expect(draftNotice({ category: { zh: '诈骗', en: 'Fraud' }, community: undefined, receivedOn: '2026-01-02' }).title).toEqual({ zh: '辖区：一起“诈骗”警情已办结', en: 'Solved: Fraud, our area' })
  })
})
