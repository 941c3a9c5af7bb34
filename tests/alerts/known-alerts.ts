import type { PublishedAlert } from '#shared/alerts/published-alert'
import { aPublishedAlert, aSquare } from './a-published-alert.ts'

/** When the messages of the corpus are checked. */
export const now = '2026-11-22T10:00:00Z'
export const publicUrl = 'https://linli.example'

type Changes = Partial<PublishedAlert> & Pick<PublishedAlert, 'identifier' | 'texts'>
const area = (zh: string, en: string) => [{ ...aSquare, label: { zh, en } }]
const endedBy = (identifier: string, sent: string, messageType: PublishedAlert['messageType']) => ({ identifier, sent, messageType })
const event = (code: string, zh: string, en: string, category: PublishedAlert['event']['category'] = 'Security') => ({ code, category, name: { zh, en } })

const gasEvent = event('gas', '燃气泄漏', 'Gas leak', 'Safety')
const gas = { identifier: 'LLA-G4S1-0001', sent: '2026-11-22T06:15:00Z' }
const gas2 = { identifier: 'LLA-G4S2-0002', sent: '2026-11-22T07:00:00Z' }
const gasClear = { identifier: 'LLA-G4S3-0003', sent: '2026-11-22T08:45:00Z' }
const burglary = { identifier: 'LLA-8RGB-0001', sent: '2026-11-19T02:00:00Z' }
const burglary2 = { identifier: 'LLA-8RGC-0002', sent: '2026-11-21T02:00:00Z' }
const child = { identifier: 'LLA-KD1K-0001', sent: '2026-11-21T09:20:00Z' }
const childFound = { identifier: 'LLA-KD2K-0002', sent: '2026-11-21T12:05:00Z' }

const changes = {
  'refund': {
    identifier: 'LLA-7K3Q-9XPA', expires: '2026-11-24T12:00:00Z', areas: area('平安社区', 'Ping\'an'),
    texts: {
      zh: {
        headline: '橙色预警：冒充快递客服退款诈骗多发',
        description: '11月18日至20日，平安社区有3名居民接到自称快递客服的电话。对方以快件丢失、三倍赔付为由，诱导下载“安心会议”软件并共享屏幕，共骗走8.6万元。这些号码大多以00852开头。',
        instruction: '不要共享屏幕，不要把验证码告诉任何人。快递公司不会用电话办理退款。已经转账的，请立即拨打110，或到平安社区警务室（平安路12号）报案。咨询电话：0755-83210110。',
      },
      en: {
        headline: 'Orange warning: fake courier refund calls',
        description: 'Between 18 and 20 November three residents of Ping\'an lost 86,000 yuan in total. The callers say that a parcel was lost and offer three times its price back. Then they ask you to install the app "Anxin Meeting" and to share your screen. Most of the numbers begin with 00852.',
        instruction: 'Do not share your screen and do not tell anyone your verification code. Couriers do not pay refunds over the phone. If you have sent money, call 110 at once or come to the Ping\'an community police office, 12 Ping\'an Road. Questions: 0755-83210110.',
      },
    },
  },
  'gas': {
    ...gas, colour: 'red', severity: 'Extreme', urgency: 'Immediate', expires: '2026-11-22T18:00:00Z', event: gasEvent, areas: area('和谐社区', 'Hexie'), endedBy: endedBy(gas2.identifier, gas2.sent, 'update'),
    texts: {
      zh: { headline: '红色预警：和谐社区3号楼燃气泄漏，请立即撤离', description: '11月22日14时10分，和谐社区3号楼地下车库发生燃气泄漏。请3号楼居民立即从东门撤离，到和谐小学操场集合。现场100米内禁止车辆进入。', instruction: '撤离时不要开关电灯，不要使用明火，不要乘坐电梯。行动不便的，请拨打0755-83210119。' },
      en: { headline: 'Red warning: gas leak in building 3 of Hexie, leave now', description: 'At 14:10 on 22 November gas leaked in the garage of building 3, Hexie. Residents of building 3: leave at once by the east gate and meet on the sports ground of Hexie Primary School. No vehicles within 100 metres.', instruction: 'Do not switch lights on or off, do not use fire and do not take the lift. If you need help to move, call 0755-83210119.' },
    },
  },
  'gas-2': {
    ...gas2, messageType: 'update', colour: 'red', severity: 'Extreme', urgency: 'Immediate', expires: '2026-11-22T18:00:00Z', event: gasEvent, areas: area('和谐社区', 'Hexie'), chain: gas.identifier, chainSent: gas.sent, references: [gas], endedBy: endedBy(gasClear.identifier, gasClear.sent, 'all_clear'),
    texts: {
      zh: { headline: '红色预警更新：和谐社区3号楼、4号楼请立即撤离', description: '燃气泄漏范围扩大。请3号楼、4号楼居民立即从东门撤离，到和谐小学操场集合。抢修人员已经到场。', instruction: '撤离时不要开关电灯，不要使用明火，不要乘坐电梯。' },
      en: { headline: 'Red warning, update: buildings 3 and 4 of Hexie, leave now', description: 'The gas has spread. Residents of buildings 3 and 4: leave at once by the east gate and meet on the sports ground of Hexie Primary School. Repair crews are at work.', instruction: 'Do not switch lights on or off, do not use fire and do not take the lift.' },
    },
  },
  'gas-clear': {
    ...gasClear, messageType: 'all_clear', colour: 'red', severity: 'Minor', urgency: 'Past', expires: '2026-11-23T08:45:00Z', event: gasEvent, areas: area('和谐社区', 'Hexie'), chain: gas.identifier, chainSent: gas.sent, references: [gas, gas2],
    texts: {
      zh: { headline: '警报解除：和谐社区3号楼、4号楼燃气泄漏已处置完毕', description: '11月22日16时40分，燃气管道修复完毕，检测合格。3号楼、4号楼居民可以返回家中，东门恢复通行。', instruction: null },
      en: { headline: 'All clear: the gas leak in buildings 3 and 4 of Hexie is over', description: 'At 16:40 on 22 November the pipe was repaired and tested. Residents of buildings 3 and 4 may go back to their homes, and the east gate is open again.', instruction: null },
    },
  },
  'burglary': {
    ...burglary, colour: 'yellow', severity: 'Moderate', expires: '2026-11-26T02:00:00Z', event: event('burglary', '入室盗窃', 'Burglary'), areas: area('长乐社区', 'Changle'), endedBy: endedBy(burglary2.identifier, burglary2.sent, 'update'),
    texts: {
      zh: { headline: '黄色预警：长乐社区夜间发生入室盗窃', description: '11月17日以来，长乐社区7栋、9栋发生2起夜间攀爬入室盗窃，案发时间都在22时至次日2时。', instruction: '睡前请关好厨房和阳台的窗户，贵重物品不要放在窗边。' },
      en: { headline: 'Yellow warning: burglaries at night in Changle', description: 'Since 17 November two flats in buildings 7 and 9 of Changle were broken into between 22:00 and 2:00.', instruction: 'Close kitchen and balcony windows before you sleep. Do not leave valuables near windows.' },
    },
  },
  'burglary-2': {
    ...burglary2, messageType: 'update', colour: 'yellow', severity: 'Moderate', expires: '2026-11-28T02:00:00Z', event: event('burglary', '入室盗窃', 'Burglary'), areas: area('长乐社区', 'Changle'), chain: burglary.identifier, chainSent: burglary.sent, references: [burglary],
    texts: {
      zh: { headline: '黄色预警更新：长乐社区入室盗窃增至5起', description: '11月17日以来，长乐社区已发生5起夜间入室盗窃，案发时间提前到21时以后。有人看见一辆白色面包车在附近停留，车牌为粤B·Q3K82。', instruction: '见到这辆车请勿自行追赶，请记下时间和方向，立即拨打110。睡前请关好厨房和阳台的窗户。' },
      en: { headline: 'Yellow warning, update: burglaries in Changle rise to five', description: 'Five flats in Changle have been broken into since 17 November, now from 21:00 on. A white van with the plate Yue B Q3K82 was seen near by.', instruction: 'Do not chase this van. Write down the time and the direction and call 110 at once. Close kitchen and balcony windows before you sleep.' },
    },
  },
  'ebikes': {
    identifier: 'LLA-E81K-0001', sent: '2026-11-02T02:00:00Z', colour: 'blue', severity: 'Minor', urgency: 'Future', expires: '2026-11-16T02:00:00Z', event: event('theft', '盗窃', 'Theft'), areas: area('平安社区', 'Ping\'an'),
    texts: {
      zh: { headline: '蓝色预警：平安社区电动自行车被盗增多', description: '10月下旬，平安社区地铁口共有9辆电动自行车被盗，多数没有上锁或只锁了龙头。', instruction: '请把车停进有人看管的车棚，锁好车身和电池。' },
      en: { headline: 'Blue warning: more e-bikes stolen in Ping\'an', description: 'In late October nine e-bikes were stolen at the metro exit of Ping\'an. Most of them were not locked, or only at the handlebar.', instruction: 'Park in a guarded shed. Lock the frame and the battery.' },
    },
  },
  'child': {
    ...child, colour: 'red', severity: 'Extreme', urgency: 'Immediate', expires: '2026-11-24T09:20:00Z', event: event('missing_person', '人员走失', 'Missing person', 'Rescue'), areas: area('长乐社区', 'Changle'), endedBy: endedBy(childFound.identifier, childFound.sent, 'cancel'),
    texts: {
      zh: { headline: '红色预警：寻找走失儿童', description: '11月21日16时许，一名6岁男孩在长乐广场与家人走散，身高约115厘米，穿红色外套、蓝色运动裤，背黄色小书包。有线索请拨打0755-83210110。', instruction: '请留意商场、公园和地铁站。' },
      en: { headline: 'Red warning: missing child', description: 'At about 16:00 on 21 November a boy aged 6 was lost at Changle Square. He is about 115 cm tall and wears a red coat, blue trousers and a yellow bag. If you have seen him, call 0755-83210110.', instruction: 'Please look in shops, parks and metro stations.' },
    },
  },
  'child-found': {
    ...childFound, messageType: 'cancel', colour: 'red', severity: 'Minor', urgency: 'Past', expires: '2026-11-24T09:20:00Z', event: event('missing_person', '人员走失', 'Missing person', 'Rescue'), areas: area('长乐社区', 'Changle'), chain: child.identifier, chainSent: child.sent, references: [child],
    texts: {
      zh: { headline: '撤销预警：走失儿童已平安找到', description: '11月21日19时50分，男孩在和谐公园被巡逻民警找到，已与家人团聚。请停止转发此前的寻人信息。', instruction: null },
      en: { headline: 'Cancelled: the missing child has been found safe', description: 'At 19:50 on 21 November officers found the boy in Hexie Park, and he is with his family. Please stop sharing the earlier message.', instruction: null },
    },
  },
  'battery': {
    identifier: 'LLA-8ATT-0001', sent: '2026-11-10T02:00:00Z', kind: 'tip', colour: null, severity: 'Unknown', urgency: 'Unknown', certainty: 'Unknown', expires: '2026-12-09T02:00:00Z', event: event('fire_safety', '消防安全', 'Fire safety', 'Fire'), areas: area('平安社区', 'Ping\'an'),
    texts: {
      zh: { headline: '安全提醒：电动自行车电池不要进楼入户', description: '平安社区6号车棚新装了40个充电口，每天6时至23时开放，每次充满约2元。', instruction: '不要把电池带回家充电，不要在楼道停放车辆。充电时闻到焦味、看到冒烟，请立即离开并拨打119。' },
      en: { headline: 'Safety tip: keep e-bike batteries out of the building', description: 'Shed 6 in Ping\'an now has 40 charging points. They are open every day from 6:00 to 23:00 and a full charge costs about 2 yuan.', instruction: 'Do not take batteries home to charge them, and do not park on the stairs. If you smell burning or see smoke, leave at once and call 119.' },
    },
  },
  'bikes-solved': {
    identifier: 'LLA-501V-0001', sent: '2026-11-20T03:00:00Z', kind: 'solved', colour: null, severity: 'Unknown', urgency: 'Past', certainty: 'Observed', expires: '2026-12-10T03:00:00Z', event: event('theft', '盗窃', 'Theft'), areas: area('平安社区', 'Ping\'an'), follows: 'LLA-E81K-0001',
    texts: {
      zh: { headline: '破案通报：电动自行车系列盗窃案告破', description: '11月19日，临河派出所抓获2名嫌疑人，追回被盗电动自行车17辆，价值约4.2万元。', instruction: '请失主凭身份证和购车凭证，于11月30日前到临河派出所一楼大厅认领，不收取任何费用。' },
      en: { headline: 'Case solved: the series of e-bike thefts', description: 'On 19 November Linhe Police Station arrested two suspects and recovered 17 e-bikes worth about 42,000 yuan.', instruction: 'Owners: bring your identity card and proof of purchase to the hall on the ground floor of Linhe Police Station before 30 November. It costs nothing.' },
    },
  },
  'marathon': {
    identifier: 'LLA-MRTH-0001', sent: '2026-11-20T02:00:00Z', kind: 'notice', colour: null, severity: 'Unknown', urgency: 'Future', certainty: 'Likely', expires: '2026-11-29T06:00:00Z', event: event('traffic', '交通管制', 'Road closure', 'Transport'), areas: area('和谐社区', 'Hexie'),
    texts: {
      zh: { headline: '交通通告：11月29日滨河路半程马拉松临时交通管制', description: '11月29日6时30分至12时，滨河路（长乐路口至和谐桥）禁止机动车通行，沿线停放的车辆请于28日22时前驶离。公交26路、81路绕行长乐路。', instruction: '请提前安排出行。咨询电话：0755-83210122。' },
      en: { headline: 'Traffic notice: Binhe Road half marathon on 29 November', description: 'On 29 November from 6:30 to 12:00 Binhe Road between Changle Road and Hexie Bridge is closed to motor vehicles. Please move parked cars by 22:00 on the 28th. Buses 26 and 81 run along Changle Road.', instruction: 'Please plan your trip. Questions: 0755-83210122.' },
    },
  },
  'drill': {
    identifier: 'LLA-DR11-0001', sent: '2026-11-22T01:00:00Z', isExercise: true, colour: 'orange', expires: '2026-11-24T04:00:00Z', event: event('earthquake', '地震', 'Earthquake', 'Geo'), areas: area('长乐社区', 'Changle'),
    texts: {
      zh: { headline: '橙色预警：长乐社区地震应急疏散', description: '本次为演练。11月24日9时，长乐社区将拉响防空警报，请居民听到警报后步行到长乐广场集合。', instruction: '请勿惊慌，请勿拨打110核实。' },
      en: { headline: 'Orange warning: earthquake evacuation in Changle', description: 'This is a drill. At 9:00 on 24 November sirens will sound in Changle. When you hear them, walk to Changle Square.', instruction: 'Do not worry and do not call 110 about it.' },
    },
  },
  'rumour': {
    identifier: 'LLA-RVM0-0001', sent: '2026-11-21T15:00:00Z', kind: 'notice', colour: null, severity: 'Unknown', urgency: 'Past', certainty: 'Observed', expires: '2026-11-28T15:00:00Z', event: event('rumour', '不实信息', 'False rumour', 'Other'), areas: area('长乐社区', 'Changle'),
    texts: {
      zh: { headline: '警方通报：网传长乐广场持刀伤人一事系谣言', description: '网传“长乐广场今晚有人持刀伤人”。经核实，长乐广场没有发生此类案件，相关视频拍摄于外地。编造谣言的陈某已被行政拘留7天。', instruction: '请不要转发未经证实的消息。' },
      en: { headline: 'Police notice: the message about knives at Changle Square is false', description: 'A message says that people with knives attacked passers-by at Changle Square tonight. There was no such case; the video was made in another city. The man who made it up has been detained for 7 days.', instruction: 'Please do not share what nobody has checked.' },
    },
  },
  'lecture-old': {
    identifier: 'LLA-1ECT-0001', sent: '2026-10-20T02:00:00Z', kind: 'notice', colour: null, severity: 'Unknown', urgency: 'Future', certainty: 'Likely', expires: '2026-10-30T09:00:00Z', event: event('event', '社区活动', 'Community event', 'Other'), areas: area('和谐社区', 'Hexie'),
    texts: {
      zh: { headline: '活动通知：10月30日反诈讲座', description: '10月30日（星期五）15时，和谐社区活动中心二楼举办反诈讲座，由社区民警李明主讲。', instruction: '免费参加，座位60个，先到先得。' },
      en: { headline: 'Event: talk about scams on 30 October', description: 'On Friday 30 October at 15:00 Officer Li Ming talks about scams on the second floor of the Hexie community centre.', instruction: 'Free of charge. There are 60 seats.' },
    },
  },
  'lecture': {
    identifier: 'LLA-1ECT-0002', sent: '2026-11-20T02:00:00Z', kind: 'notice', colour: null, severity: 'Unknown', urgency: 'Future', certainty: 'Likely', expires: '2026-11-27T09:00:00Z', event: event('event', '社区活动', 'Community event', 'Other'), areas: area('和谐社区', 'Hexie'),
    texts: {
      zh: { headline: '活动通知：11月27日反诈讲座', description: '11月27日（星期五）15时，和谐社区活动中心二楼举办反诈讲座，由社区民警李明主讲。', instruction: '免费参加，座位60个，先到先得。' },
      en: { headline: 'Event: talk about scams on 27 November', description: 'On Friday 27 November at 15:00 Officer Li Ming talks about scams on the second floor of the Hexie community centre.', instruction: 'Free of charge. There are 60 seats.' },
    },
  },
  'heating': {
    identifier: 'LLA-HEAT-0001', sent: '2026-11-15T02:00:00Z', kind: 'tip', colour: null, severity: 'Unknown', urgency: 'Unknown', certainty: 'Unknown', expires: '2026-12-14T02:00:00Z', event: event('fire_safety', '消防安全', 'Fire safety', 'Fire'), areas: area('全部社区', 'All communities'),
    texts: { zh: { headline: '安全提醒：冬季取暖谨防一氧化碳中毒', description: '上周外地一处出租屋用炭火取暖，造成4人中毒。一氧化碳没有颜色和气味，睡着时很难察觉。', instruction: '不要在室内烧炭取暖，使用燃气热水器时请开窗。头晕、恶心时请立即开窗离开，并拨打120。' } },
  },
} as const satisfies Record<string, Changes>

export type AlertName = keyof typeof changes
const names = Object.keys(changes) as AlertName[]

/** The alerts that the messages of the corpus are about, by the name that the corpus uses. */
export const knownAlerts = Object.fromEntries(names.map(name => [name, aPublishedAlert(changes[name])])) as Record<AlertName, PublishedAlert>
