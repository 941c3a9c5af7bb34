import type { z } from 'zod'
import { questionSchema, type Question, type SurveyDefinition } from './definition.ts'

/*
  Questions that other surveys have asked for long, so that answers can be compared (PRODUCT §5). Wordings are ours; the items and their scales come from:
    sense_of_safety                         National Bureau of Statistics of China, survey of the public's sense of safety (群众安全感, since 2001), five points
    walk_after_dark                         Crime Survey for England and Wales (CSEW), walking alone after dark; International Crime Victims Survey
    patrol_seen, good_job, confidence       CSEW, performance of the local police: visibility, rating, confidence in all
    police_here                             CSEW, confidence statements (relied on, respect, fair, concerns, what matters), agreement in five points
    victim, reported, why_not_reported, victim_satisfied   CSEW and Police Service surveys of victims; reasons as in the International Crime Victims Survey
    worries, knows_officer, wish            our own, from the categories of the portal and the open-door rating (开门评警)
  Both ends of each scale are put as plainly as each other, and the officer's name stands in no question: it would lead the answer.
*/

const words = (zh: string, en: string) => ({ zh, en })
const options = (...list: readonly [code: string, zh: string, en: string][]) => list.map(([code, zh, en]) => ({ code, label: words(zh, en) }))
const agreement = options(
  ['strongly_agree', '非常同意', 'Strongly agree'], ['agree', '同意', 'Agree'], ['neither', '说不上同意还是不同意', 'Neither agree nor disagree'], ['disagree', '不同意', 'Disagree'], ['strongly_disagree', '非常不同意', 'Strongly disagree'])

const bank: z.input<typeof questionSchema>[] = [
  {
    kind: 'single', code: 'sense_of_safety', headline: ['very_safe', 'safe', 'basically_safe'], label: words('总的来说，您觉得在本社区生活安全吗？', 'All in all, how safe do you feel living in this community?'), isRequired: true, hasCannotSay: true,
    options: options(['very_safe', '很安全', 'Very safe'], ['safe', '安全', 'Safe'], ['basically_safe', '基本安全', 'Basically safe'], ['not_very_safe', '不太安全', 'Not very safe'], ['unsafe', '不安全', 'Unsafe']),
  },
  {
    kind: 'single', code: 'walk_after_dark', headline: ['very_safe', 'fairly_safe'], label: words('天黑以后，您一个人在社区附近走路，觉得安全吗？', 'How safe do you feel walking alone around here after dark?'), hint: words('如果晚上从不一个人出门，请设想一下', 'If you never do, think how you would feel'), hasCannotSay: true,
    options: options(['very_safe', '很安全', 'Very safe'], ['fairly_safe', '比较安全', 'Fairly safe'], ['bit_unsafe', '有点不安全', 'A bit unsafe'], ['very_unsafe', '很不安全', 'Very unsafe']),
  },
  {
    kind: 'multi', code: 'worries', label: words('在本社区，您最担心哪些事？', 'What worries you most in this community?'), hint: words('最多选三项', 'Choose up to three'), atMost: 3, hasCannotSay: true,
    options: [
      ...options(
        ['burglary', '入室盗窃', 'Burglary'], ['ebike_theft', '电动车、电瓶被偷', 'Theft of e-bikes or their batteries'], ['fraud', '电信网络诈骗', 'Fraud by phone or online'], ['street', '在路上被抢、被骚扰', 'Being robbed or harassed in the street'], ['violence', '打架斗殴', 'Fights and violence'],
        ['home', '家庭暴力', 'Violence at home'], ['children', '孩子上下学的安全', 'Children on their way to school'], ['traffic', '乱停车、车速快', 'Parking and speeding'], ['fire', '消防通道被堵、楼道充电', 'Blocked fire lanes, charging in stairwells'], ['noise', '噪音扰民', 'Noise'], ['gambling_drugs', '赌博、毒品', 'Gambling or drugs']),
      { code: 'nothing', label: words('都不担心', 'None of these'), isAlone: true },
    ],
  },
  {
    kind: 'single', code: 'patrol_seen', headline: ['daily', 'weekly'], label: words('最近三个月，您多久能在社区看到一次民警或义务巡逻队巡逻？', 'In the last three months, how often have you seen officers or volunteers on patrol here?'), hasCannotSay: true,
    options: options(['daily', '每天或几乎每天', 'Every day or nearly'], ['weekly', '大约每周一次', 'About once a week'], ['monthly', '大约每月一次', 'About once a month'], ['rarely', '比每月一次少', 'Less often'], ['never', '没看到过', 'Never']),
  },
  {
    kind: 'single', code: 'good_job', headline: ['excellent', 'good'], label: words('您觉得派出所在本社区的工作做得怎么样？', 'How good a job do you think the police station is doing in this community?'), hasCannotSay: true,
    options: options(['excellent', '非常好', 'Excellent'], ['good', '好', 'Good'], ['fair', '一般', 'Fair'], ['poor', '差', 'Poor'], ['very_poor', '非常差', 'Very poor']),
  },
  { kind: 'single', code: 'confidence', headline: ['strongly_agree', 'agree'], label: words('“从各方面看，我信任本社区的民警。”您同意吗？', '“Taking everything into account, I have confidence in the police here.” Do you agree?'), hasCannotSay: true, options: agreement },
  {
    kind: 'matrix', code: 'police_here', headline: ['strongly_agree', 'agree'], label: words('您同意下面这些说法吗？', 'Do you agree with these statements?'), hasCannotSay: true, options: agreement,
    rows: options(
      ['there_when_needed', '需要的时候，民警能及时赶到', 'The police are there when they are needed'], ['respect', '民警待人有礼、尊重人', 'The police treat people with respect'], ['fair', '不管对谁，民警都一样公正', 'The police treat everyone fairly, whoever they are'],
      ['understand', '民警了解这里的人关心什么', 'The police understand what people here care about'], ['deal', '大家关心的事，民警会去办', 'The police deal with what matters to people here']),
  },
  { kind: 'single', code: 'knows_officer', label: words('您认识本社区的社区民警吗？', 'Do you know the officer of your community?'), options: options(['by_name', '认识，叫得出名字', 'Yes, by name'], ['by_sight', '见过，叫不出名字', 'By sight only'], ['no', '不认识', 'No']) },
  {
    kind: 'single', code: 'victim', label: words('最近 12 个月，您或家人在本社区有没有被偷、被骗、被打或受到别的侵害？', 'In the last 12 months, have you or your family been stolen from, cheated, attacked or otherwise wronged here?'), hint: words('不想回答可以跳过', 'You may leave this out'),
    options: options(['yes', '有', 'Yes'], ['no', '没有', 'No']),
  },
  { kind: 'single', code: 'reported', label: words('最近的那一次，报警了吗？', 'The last time, was it reported to the police?'), hasCannotSay: true, options: options(['yes', '报了', 'Yes'], ['no', '没有报', 'No']) },
  {
    kind: 'single', code: 'victim_satisfied', headline: ['very_satisfied', 'satisfied'], label: words('对民警处理这件事，您满意吗？', 'How satisfied were you with how the police dealt with it?'), hasCannotSay: true,
    options: options(['very_satisfied', '非常满意', 'Very satisfied'], ['satisfied', '满意', 'Satisfied'], ['neither', '一般', 'Neither satisfied nor dissatisfied'], ['dissatisfied', '不满意', 'Dissatisfied'], ['very_dissatisfied', '非常不满意', 'Very dissatisfied']),
  },
  {
    kind: 'multi', code: 'why_not_reported', label: words('为什么没有报警？', 'Why was it not reported?'), hasCannotSay: true,
    options: options(
      ['small', '事情不大', 'It was not serious enough'], ['no_use', '觉得报了也没用', 'It would not have helped'], ['solved', '自己解决了', 'We dealt with it ourselves'], ['trouble', '怕麻烦、没时间', 'Too much trouble or no time'], ['fear', '怕被报复', 'For fear of the other side'], ['did_not_know', '不知道怎么报', 'We did not know how'],
      ['police', '不愿意和警察打交道', 'We did not want to deal with the police'], ['other_reason', '别的原因', 'Another reason']),
  },
  {
    kind: 'number', code: 'age', label: words('您的年龄（周岁）？', 'How old are you?'), hint: words('只按年龄段统计；不想回答可以跳过', 'Counted by age band only; you may leave this out'), min: 16, max: 120, bands: [30, 45, 60],
  },
  { kind: 'text', code: 'wish', label: words('如果请派出所先办一件事，您希望是什么？', 'If the station did one thing first, what should it be?'), hint: words('请不要写姓名、电话、住址', 'Please give no names, phone numbers or addresses'), maxLength: 500 },
]

/** What the desk can put into a survey as it stands; the codes never change, so that rounds can be compared. */
export const questionBank: readonly Question[] = bank.map(question => questionSchema.parse(question))

const branches: Record<string, Question['branches']> = {
  victim: [{ if: { question: 'victim', op: 'is_not', value: 'yes' }, goTo: 'age' }],
  reported: [{ if: { question: 'reported', op: 'is', value: 'no' }, goTo: 'why_not_reported' }, { if: { question: 'reported', op: 'is_not', value: 'yes' }, goTo: 'age' }],
  victim_satisfied: [{ if: { question: 'reported', op: 'is', value: 'yes' }, goTo: 'age' }],
}

/** A survey of the whole bank as the desk may begin with it: victims are asked about the last time, others go on. */
export const safetySurvey: SurveyDefinition = {
  title: words('公众安全感调查', 'How safe we feel'),
  intro: words('大约五分钟。除第一题外都可以跳过。结果只公布合计数，不足十人的不公布。', 'About five minutes. Every question but the first may be left out. Only totals are published, none of fewer than ten people.'),
  questions: questionBank.map(question => ({ ...question, branches: branches[question.code] ?? [] })),
}
