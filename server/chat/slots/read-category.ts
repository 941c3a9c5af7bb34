import type { Locale } from '#shared/locales'

/*
  Which kind of matter a story is about, by the words that only such stories have. The first rule that fits best counts; a word
  fewer than two rules share says more. A station's own categories are found by their names (report-slots.ts).
*/
const rules: readonly (readonly [category: string, zh: RegExp, en: RegExp])[] = [
  ['domestic_violence', /家暴|(?:老公|丈夫|男人|男朋友|前夫|婆家|老婆|妻子|儿媳|公公)[^，。]{0,6}(?:打|骂|动手|掐|威胁)|家里[^，。]{0,4}打我/, /domestic violence|(?:my |her |his )?(?:husband|wife|partner|boyfriend|girlfriend|ex)\b.{0,20}\b(?:hit|hits|beat|beats|threaten|chok)/i],
  ['minors', /校园欺凌|霸凌|(?:孩子|儿子|女儿|学生|同学)[^，。]{0,8}(?:被(?:打|欺负|勒索)|欺负|勒索)|未成年/, /bull(?:y|ied|ying)|(?:my |a )(?:son|daughter|child|kid).{0,25}(?:beaten|extort|bullied)|underage/i],
  ['fraud', /诈骗|被骗|骗子|骗[了走我]|刷单|转账[^，。]{0,8}骗|冒充/, /scam|fraud|cheated|conned|tricked (?:me|us|my)|fake (?:police|customer)/i],
  ['stolen_goods', /赃物|销赃|(?:在卖|卖的|挂在)[^，。]{0,10}(?:偷|我的|赃)/, /stolen goods|selling (?:my|stolen)|sells? stolen/i],
  ['theft', /偷|被盗|失窃|扒手|扒窃|撬(?:门|锁|开)|入室|进了?贼|顺走|小偷|(?:车|电瓶|快递|外卖|手机)(?:不见了|没了|丢了)/, /\bst(?:ole|olen|eal|eals|ealing)\b|theft|thief|thieves|burgl|broke(?:n)? in(?:to)?\b|break-in|pickpocket|nicked|took my|robbed my (?:flat|house|home)|(?:bike|scooter|car|battery|phone) is gone/i],
  ['violence', /抢劫|被抢|抢了我|打人|被打|打伤|殴打|打架|威胁|恐吓|跟踪我|持刀/, /robbed|mugged|assault|attacked|punch|kicked|beat(?:en)? up|threaten|stalk|knife/i],
  ['drugs_gambling', /吸毒|贩毒|毒品|冰毒|大麻|赌博|聚赌|赌场|开赌|卖淫|老虎机/, /\bdrugs?\b|\bmeth\b|dealer|gambl|casino|prostitut|slot machine/i],
  ['fire_hazard', /消防通道|安全出口|飞线|楼道[^，。]{0,6}(?:充电|堆|杂物)|火灾隐患|灭火器|电线(?:裸露|老化)|煤气味/, /fire (?:lane|exit|hazard|extinguisher)|blocked (?:exit|stairs|stairwell)|bare wires?|charg\w+ .{0,20}(?:corridor|hallway|stair)|smell of gas/i],
  ['traffic', /乱停车|违停|飙车|炸街|超速|红绿灯(?:坏|不亮)|闯红灯|占道停|堵住路口|护栏坏/, /park(?:ed|ing) (?:badly|illegally|on)|speeding|street rac|traffic light.{0,10}(?:broken|out)|reckless driv|road sign/i],
  ['noise_dispute', /噪音|噪声|扰民|太吵|吵得|半夜[^，。]{0,6}(?:唱|吵|闹|装修)|广场舞|装修声|邻居[^，。]{0,8}(?:吵|闹|骂|漏水|占)|漏水|纠纷|狗叫/, /nois[ey]|loud|karaoke|quarrel|dispute|neighbou?r.{0,25}(?:shout|leak|block|bark|music)|barking|drilling/i],
  ['suspicious', /可疑|鬼鬼祟祟|踩点|试门把手|蹲守|陌生人[^，。]{0,8}(?:敲门|转悠)|转来转去|门口做记号/, /suspicious|lurking|trying (?:the )?(?:door|handle)|hanging around|casing|strange (?:man|car|person)/i],
  ['rental', /群租|隔断房|日租房|租客[^，。]{0,6}没登记|二房东|黑旅馆/, /overcrowded flat|unregistered tenant|day rental|sub-?landlord/i],
  ['lost_property', /捡到|拾到|丢了|弄丢|掉了|遗失|落在/, /\blost (?:my|a|the)\b|i found (?:a|an|some)|left my .{0,25}(?:bus|taxi|train)/i],
  ['about_police', /(?:投诉|反映|举报)[^，。]{0,6}(?:民警|警察|派出所)|(?:民警|警察)[^，。]{0,8}(?:态度|打人|推诿|不管|收钱)/, /complain.{0,20}(?:police|officer)|officer (?:was|is) (?:rude|lazy)|police (?:refused|ignored)/i],
]

/** The category whose words a story has, if any. */
export function readCategory(text: string, locale: Locale): string | undefined {
  const plain = text.normalize('NFKC')
  return rules.find(([, zh, en]) => (locale === 'zh' ? zh : en).test(plain) || (locale === 'zh' ? en : zh).test(plain))?.[0]
}

/** Answers to a category's questions that a story holds already: [category, question, option or undefined for the words themselves, zh, en]. */
const hints: readonly (readonly [category: string, question: string, option: string | undefined, zh: RegExp, en: RegExp])[] = [
  ['theft', 'stolen_from', 'ebike', /电瓶车|电动车|电动自行车|电驴|自行车|单车|电瓶/, /e-?bike|electric (?:bike|scooter)|scooter|bicycle|\bbike\b/i],
  ['theft', 'stolen_from', 'parcel', /快递|外卖|包裹/, /parcel|package|delivery/i],
  ['theft', 'stolen_from', 'home', /入室|家里|进屋|撬门|翻窗|进了?贼/, /broke(?:n)? in(?:to)?|burgl|from (?:my|our) (?:home|flat|house)/i],
  ['theft', 'stolen_from', 'vehicle', /车里|车内|后备箱|车窗/, /from my car|car window|inside my car/i],
  ['theft', 'stolen_from', 'person', /扒手|扒窃|兜里|口袋|包里|身上/, /pickpocket|my pocket|my bag|on the bus|on the metro/i],
  ['theft', 'things', undefined, /电瓶车|电动车|电动自行车|电驴|自行车|电瓶|手机|钱包|现金|电脑|首饰|项链|快递|外卖|身份证|烟酒|包/, /e-?bike|electric (?:bike|scooter)|scooter|bicycle|bike|battery|phone|wallet|purse|cash|laptop|jewellery|necklace|parcel|passport|bag/i],
  ['noise_dispute', 'about', 'dancing', /广场舞/, /square danc/i],
  ['noise_dispute', 'about', 'music', /唱歌|唱k|音响|音乐|聚会/i, /music|karaoke|part(?:y|ies)|singing/i],
  ['noise_dispute', 'about', 'building_work', /装修|施工|工地|电钻/, /renovat|construction|drilling|building site/i],
  ['fire_hazard', 'hazard', 'ebike_indoors', /(?:电动车|电瓶车)[^，。]{0,8}(?:楼道|进楼|上楼|充电)|楼道[^，。]{0,4}充电/, /(?:e-?bike|scooter).{0,30}(?:corridor|hallway|indoors|stair|lift)/i],
  ['fire_hazard', 'hazard', 'exit_blocked', /消防通道|安全出口|楼道[^，。]{0,4}堆/, /fire (?:lane|exit)|blocked (?:exit|stairs)|exit.{0,10}blocked/i],
  ['lost_property', 'lost_or_found', 'found', /捡到|拾到/, /i found|picked up/i],
  ['lost_property', 'lost_or_found', 'lost', /丢了|弄丢|掉了|遗失|落在/, /lost|left my/i],
  ['fraud', 'paid', 'today', /(?:刚|今天|刚才)[^，。]{0,8}(?:转|汇|付)/, /just (?:sent|paid|transferred)|(?:sent|paid|transferred).{0,20}today/i],
  ['violence', 'injured', 'hospital', /住院|去医院|骨折|缝针/, /hospital|broken (?:arm|leg|nose)|stitches/i],
  ['suspicious', 'still_there', 'yes', /还在(?:那|门口|楼下|这)/, /still (?:there|here|outside)/i],
]

/** What a story already answers of a category's own questions. @param options which options a question has; empty for free text */
export function readHints(text: string, category: string, options: (question: string) => readonly string[] | undefined): Record<string, string> {
  const plain = text.normalize('NFKC')
  const found: Record<string, string> = {}
  for (const [of, question, option, zh, en] of hints) {
    if (of !== category || found[question] !== undefined) continue
    const words = zh.exec(plain)?.[0] ?? en.exec(plain)?.[0]
    const known = options(question)
    if (words && known && (option === undefined ? known.length === 0 : known.includes(option))) found[question] = option ?? words
  }
  return found
}
