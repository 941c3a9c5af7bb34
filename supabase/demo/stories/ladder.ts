import type { Story } from '../story.ts'

const triaged = '@triaged-accepted'

/** Cases at each place of the ladder of revisits: due, late, climbed, silent, ended, with what was written down for the resident. */
export const ladderStories: Story[] = [
  {
    category: 'noise_dispute', grid: 'PA-02', arrived: { daysAgo: 2, time: '09:20' }, contact: { mode: 'named', name: '钱秀兰', phone: '138 0000 0301' }, isVisitOwed: true,
    description: '楼下棋牌室每天打到晚上十一点多，窗户开着，麻将声整栋楼都听得见。', answers: { wants_mediation: 'yes', about: 'music', times: ['evening'] },
    steps: [[2, 'triaged', triaged], [2.1, 'assign'], [20, 'in_progress', '已经和棋牌室老板谈过，答应晚上九点半以后关窗。']],
  },
  {
    category: 'suspicious', grid: 'PA-05', arrived: { daysAgo: 6, time: '20:15' }, contact: { mode: 'named', name: '宋建国', phone: '138 0000 0302' }, isVisitOwed: true,
    description: '连着几个晚上有辆没有牌照的面包车停在小区北门，人不下车，十一点左右开走。', answers: { still_there: 'no', seen: ['checking'] },
    steps: [[3, 'triaged', triaged], [3.1, 'assign']],
  },
  {
    category: 'traffic', grid: 'PA-03', arrived: { daysAgo: 5, time: '08:10' }, contact: { mode: 'named', name: '胡敏', phone: '138 0000 0303' },
    description: '小区出口的减速带坏了半截，电动车绕着骑，差点撞到接孩子的老人。', answers: { problem: 'other', how_often: 'daily', endangered: ['riders'] },
    steps: [
      [3, 'triaged', triaged], [3.1, 'assign'], [26, 'visit', '现场看过，已经请物业放了警示锥。'], [26, 'suggest', '能不能在出口装一面凸面镜？'],
      [50, 'answer:unsatisfied', '警示锥第二天就被挪走了，减速带还是没有人来修。'],
    ],
  },
  {
    category: 'noise_dispute', grid: 'PA-06', arrived: { daysAgo: 9, time: '21:40' }, locale: 'en', contact: { mode: 'sealed', account: 'resident', safeContact: 'Messages here only, please.' },
    description: 'The bar under our window plays live music until two in the morning at weekends. The walls shake.', answers: { wants_mediation: 'no', about: 'music', times: ['night'] },
    steps: [
      [12, 'triaged', triaged], [40, 'visit', 'Measured at the window on Saturday night. The bar was told to end live music at 23:00.'], [60, 'answer:unsatisfied', 'They stopped for one weekend and then it was as loud as before.'],
      [90, 'visit', 'Spoke with the owner together with the city office; a second measurement is ordered.', 'lead'], [130, 'answer:unsatisfied', 'Nobody came to measure. I have not slept through a weekend since.'],
    ],
  },
  {
    category: 'rental', grid: 'PA-08', arrived: { daysAgo: 24, time: '10:00' }, contact: { mode: 'named', account: 'volunteer', name: '孙大勇' },
    description: '隔壁群租，一套房子住了十几个人，楼道里全是电动车和插线板。', answers: {},
    steps: [
      [5, 'triaged', triaged], [40, 'visit', '上门登记了住户，要求房东清退。'], [52, 'answer:unsatisfied', '人一个都没有少。'], [100, 'visit', '队里和消防一起检查，开了整改通知。', 'lead'], [110, 'answer:unsatisfied', '通知贴了，电动车还在楼道。'],
      [170, 'visit', '约谈房东，限期十五天。', 'chief'], [190, 'answer:unsatisfied', '到期了还是老样子。'], [250, 'visit', '再次约谈，案件移送街道综合执法。', 'chief'], [300, 'answer:unresolved', '我去找上级反映。'],
    ],
  },
  {
    category: 'theft', grid: 'PA-01', arrived: { daysAgo: 18, time: '18:30' }, contact: { mode: 'sealed', phone: '138 0000 0306' },
    description: '放在楼道里的两箱快递没有了，一箱奶粉一箱米。', answers: {},
    steps: [[4, 'triaged', triaged], [30, 'visit', '调了单元门口的监控，画面不清楚；已请快递员改放驿站。'], [126, 'remind'], [246, 'silent']],
  },
  {
    category: 'traffic', grid: 'PA-07', arrived: { daysAgo: 7, time: '07:50' }, locale: 'en', contact: { mode: 'named', name: 'Priya Nair', phone: '138 0000 0307' },
    description: 'Delivery scooters ride on the pavement outside the kindergarten every morning.', answers: { problem: 'other', how_often: 'daily', endangered: ['children'] },
    steps: [[6, 'triaged', triaged], [30, 'visit:satisfied', 'Stood there two mornings; the delivery company was spoken to.'], [30, 'suggest', 'A bench or planters would keep the scooters off.'], [78, 'answer:unsatisfied', 'I said it was a start, not that I was satisfied. They are back.']],
  },
  {
    category: 'fire_hazard', grid: 'CL-02', arrived: { daysAgo: 10, time: '16:00' }, contact: { mode: 'named', name: '高桂芳', phone: '138 0000 0308' },
    description: '二楼平台堆满了旧沙发和纸箱，有人在旁边抽烟。', answers: {},
    steps: [
      [2, 'triaged', triaged], [25, 'visit:satisfied', '和居委会一起清走了两车，贴了禁止堆放的通知。'], [25, 'suggest', '能不能每个月来一次清运，提前贴通知？', 'officer2'],
      [150, 'outcome', '和居委会说好了：每月最后一个星期六上午清运，提前三天在单元门口贴通知。', 'officer2'],
    ],
  },
]
