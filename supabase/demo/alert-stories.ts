import type { AlertColour, AlertKind, Certainty, MessageType, Severity, Urgency } from '../../shared/alerts/alert-words.ts'
import type { AlertText } from '../../shared/alerts/published-alert.ts'

/** One message of the demo station. Hours count from now: negative ones have been. */
export interface AlertStory {
  key: string
  type?: MessageType
  /** The message of its chain that it ends. */
  ends?: string
  /** The warning that a solved notice follows. */
  follows?: string
  isExercise?: boolean
  kind: AlertKind
  colour: AlertColour | null
  event: string
  words: [Urgency, Severity, Certainty]
  sentHours: number
  expiresHours: number
  /** Slugs of communities; none: the whole station. */
  communities: string[]
  texts: { zh: AlertText, en?: AlertText }
  contact?: string
}

const scam: AlertText = {
  headline: '有人冒充社保局打电话，要求“激活社保卡”',
  description: '这两天平安里、长乐坊有多位老人接到自称社保局的电话，说社保卡停用了，要加好友、共享屏幕才能激活。已接到 3 起报警，其中一位老人转走了 8600 元。',
  instruction: '社保局不会打电话让您共享屏幕或转账。接到这类电话请直接挂断，拿不准就打 96110，或到警务室当面问。已经转了钱，马上打 110。',
}
const scamInEnglish: AlertText = {
  headline: 'Callers pose as the social insurance office: “activate your card”',
  description: 'In the last two days several older people in Ping\'an and Changle were called by somebody who said that their social insurance card was blocked and that they had to share their screen. Three cases were reported; one person lost 8,600 yuan.',
  instruction: 'The office never asks you to share your screen or to pay. Hang up. If you are not sure, call 96110 or ask at the police office. If you have already paid, call 110 at once.',
}

/** Invented events: one of each kind that the pages have to show. */
export const alertStories: AlertStory[] = [
  {
    key: 'batteries', kind: 'warning', colour: 'yellow', event: 'theft', words: ['Expected', 'Moderate', 'Likely'], sentHours: -21 * 24, expiresHours: -9 * 24, communities: ['ping-an'], contact: '平安里警务室 0000-555-0121',
    texts: {
      zh: { headline: '平安里老街一带电动车电瓶接连被盗', description: '本周平安里老街有 4 辆电动车的电瓶在夜里被盗，都停在没有灯的墙边。', instruction: '夜里请把车停进有灯、有监控的车棚，电瓶能取下的随手带走。看到半夜撬车的人请打 110，不要自己上前。' },
      en: { headline: 'Scooter batteries stolen around Ping\'an Old Street', description: 'Four scooters lost their batteries at night this week. All stood along the wall where there is no light.', instruction: 'Park in the lit shed at night and take the battery with you if you can. If you see somebody breaking a scooter open, call 110 and stay away.' },
    },
  },
  {
    key: 'gas', kind: 'warning', colour: 'red', event: 'gas_leak', words: ['Immediate', 'Extreme', 'Observed'], sentHours: -9 * 24, expiresHours: -9 * 24 + 12, communities: ['chang-le'],
    texts: {
      zh: { headline: '水塔小区 5 号楼燃气泄漏，请立即离开', description: '水塔小区 5 号楼一单元闻到浓重燃气味，消防和民警正在处置。', instruction: '5 号楼和相邻的 4 号、6 号楼居民请马上走楼梯离开，不开灯，不用明火，到小区东门集合。有人没出来请打 119。' },
      en: { headline: 'Gas leak at Water Tower Estate, building 5: leave now', description: 'There is a strong smell of gas in entrance 1 of building 5. The fire brigade and the police are there.', instruction: 'If you live in building 4, 5 or 6, leave by the stairs now. No lights, no flames. Gather at the east gate. If somebody is still inside, call 119.' },
    },
  },
  {
    key: 'gas-over', type: 'all_clear', ends: 'gas', kind: 'warning', colour: 'red', event: 'gas_leak', words: ['Past', 'Minor', 'Observed'], sentHours: -9 * 24 + 2, expiresHours: -8 * 24 + 2, communities: ['chang-le'],
    texts: {
      zh: { headline: '水塔小区燃气泄漏已处置完毕，可以回家', description: '漏气的管道已经关闭修好，燃气公司逐户检测合格。4 号、5 号、6 号楼居民现在可以回家。', instruction: '回家后先开窗通风。5 号楼明天上午恢复供气。' },
      en: { headline: 'Gas leak at Water Tower Estate is over: you can go home', description: 'The pipe has been shut and mended, and the gas company has checked every flat. Buildings 4, 5 and 6 are open again.', instruction: 'Open the windows first. Building 5 has gas again tomorrow morning.' },
    },
  },
  {
    key: 'road', kind: 'notice', colour: null, event: 'road_closure', words: ['Expected', 'Minor', 'Likely'], sentHours: -6 * 24, expiresHours: -4 * 24, communities: ['chang-le', 'he-xie'],
    texts: {
      zh: { headline: '中心路夜间铺沥青，22:00 至次日 5:00 封闭', description: '中心路（学府街口至水塔小区东门）连续两晚铺沥青，夜间封闭，行人可以走东侧便道。', instruction: '车辆请绕行学府街。' },
      en: { headline: 'Zhongxin Road closed at night, 22:00 to 5:00', description: 'Zhongxin Road gets new asphalt between Xuefu Street and the east gate of Water Tower Estate. It is closed for two nights. You can walk along the east side.', instruction: 'Please drive by Xuefu Street.' },
    },
  },
  {
    key: 'scam', kind: 'warning', colour: 'yellow', event: 'phone_scam', words: ['Expected', 'Moderate', 'Likely'], sentHours: -50, expiresHours: 118, communities: ['ping-an'], contact: '平安里警务室 0000-555-0121',
    texts: {
      zh: { ...scam, description: '昨天起平安里有老人接到自称社保局的电话，说社保卡停用了，要加好友、共享屏幕才能激活。' },
      en: { ...scamInEnglish, description: 'Since yesterday older people in Ping\'an have been called by somebody who said that their social insurance card was blocked and that they had to share their screen.' },
    },
  },
  {
    key: 'scam-update', type: 'update', ends: 'scam', kind: 'warning', colour: 'yellow', event: 'phone_scam', words: ['Expected', 'Moderate', 'Observed'], sentHours: -5, expiresHours: 115, communities: ['ping-an', 'chang-le'], contact: '平安里警务室 0000-555-0121',
    texts: { zh: scam, en: scamInEnglish },
  },
  {
    key: 'solved', follows: 'batteries', kind: 'solved', colour: null, event: 'theft', words: ['Past', 'Minor', 'Observed'], sentHours: -28, expiresHours: 13 * 24, communities: ['ping-an'],
    texts: {
      zh: { headline: '老街电动车电瓶被盗案已破', description: '前些天提醒过大家的老街电瓶被盗案已经侦破，追回的电瓶已还给失主，偷电瓶的人已依法处理。谢谢提供线索的居民。', instruction: '夜里还是请把车停进有灯、有监控的车棚。' },
      en: { headline: 'Stolen scooter batteries on the Old Street: solved', description: 'The thefts that we warned you of are solved. The batteries are back with their owners. Thank you to everybody who told us what they knew.', instruction: 'Please go on parking in the lit shed at night.' },
    },
  },
  {
    key: 'drill', isExercise: true, kind: 'warning', colour: 'orange', event: 'fire', words: ['Immediate', 'Severe', 'Observed'], sentHours: -20, expiresHours: 28, communities: ['he-xie'],
    texts: {
      zh: { headline: '和谐苑中区消防疏散演练', description: '和谐苑中区明天上午 9:30 举行消防疏散演练，届时会响警铃，并有消防车进小区。', instruction: '听到警铃请走楼梯到中心花园集合，不要坐电梯。行动不便的居民请在家等志愿者上门。' },
      en: { headline: 'Fire drill at Hexie Centre', description: 'There is a fire drill at Hexie Centre tomorrow at 9:30. You will hear the alarm, and fire engines come into the estate.', instruction: 'When you hear the alarm, take the stairs to the garden in the middle, not the lift. If you cannot walk well, wait at home for a volunteer.' },
    },
  },
  {
    key: 'rain', kind: 'warning', colour: 'blue', event: 'heavy_rain', words: ['Expected', 'Minor', 'Likely'], sentHours: -3, expiresHours: 21, communities: [],
    // Only in Chinese so far: what is missing in a language is shown, and said.
    texts: { zh: { headline: '今晚到明早有大雨，低洼处请注意积水', description: '预计今晚到明早有大雨，中心路下穿通道、老街低洼处容易积水。', instruction: '车辆不要停在低洼处和地下车库，不要涉水过下穿通道。遇险请打 110 或 119。' } },
  },
]
