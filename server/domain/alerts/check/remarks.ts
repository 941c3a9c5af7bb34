/*
  What people write around a message that they pass on: a sigh, a question, "poor thing". It cannot be told by a list of what is allowed, so it is told by what it
  must not hold. A remark stands alone, beside our sentences and not in them, is short, repeats none of our words in another way, speaks of whoever writes or reads
  it ("poor thing, I hope …"; "the thieves are armed" is a claim), and holds nothing that somebody could act on: no number, link or sign, no level, day, hour or street,
  no demand, no harm, and nothing that says that the matter is over, elsewhere or untrue.
  It is shown as not ours in every case.
*/
import type { Segment } from './cover-message.ts'
import type { Token } from './tokenize-message.ts'

/** More than this is a story of its own. */
const longestRemarks = 60
/** Beside a bare code or link only a word or two may stand: "fire in hall 3" and a true code would borrow its name. */
const longestBesideCode = 10
/** From this share of its pairs of words on, a remark repeats us in other words. */
const repeatedShare = 0.3

/* Warnings not to do what a swindler wants are no demand: taken away before the rest is read. */
const warnings = [
  /(?:千万别|千万不要|可别|先别|就别|别|不要|勿|不能)[^，。！？!?,\n]{0,4}?(?:转账|转钱|汇款|付款|付钱|扫码|扫|点击|点开|点|加好友|下载|登录|填写|填|喝生水|喝|相信|信|上当|理会|理)/g,
  /(?:千万别|千万不要|可别|先别|别|不要)[^，。！？!?,\n]{0,2}?(?:忘了?|忘记|吓着|吓|慌|大意|错过|手快|乱跑|乱传)/g,
  /\b(?:don't|do not|dont|never|not)\s+(?:even\s+|ever\s+)?(?:drink|click|tap|scan|pay|transfer|open|download|install|answer|trust|believe|give|share|fall|forget|freak|panic|miss|be)\b/g,
] as const
const idioms = /\[[\u4e00-\u9fff]{1,4}\]|[急吓气烦笑累]死|[套思没半上]路|([\u4e00-\u9fff])不\1|天上不会掉馅饼|不会掉馅饼|真不知道|不知道|不得了|受不了|说不定|不容易|没想到|没错|不错|好不好|是不是|怎么不|\b(?:can't believe|couldn't believe|not kidding|why not|or not|i know|who knows|i (?:need|have|had) to|from the tap|tap water)\b/g

const overZh = /假|谣|不实|不属实|误传|有误|搞错|弄错|解除|取消|撤销|撤回|结束|过期|作废|失效|改[为到成在至期天]|推迟|延期|延后|提前(?!说|准备|告)|恢复|没事|没有|没了|没[发出]|未|并非|不|别|勿|莫|非(?!常)|放心|安全了|脱险|已|找到|抓到|抓住|落网|归案|可以|能[回进出去]|允许|免费|其实|实际|应该是|据说|听说|传言|也[有发出是在被]|又[有发出是一]|还有(?!这种|这样|一句)|不止|在逃|贵|便宜|价|除了|而是|换[到成]|升级|降级|另|同时/
const demandsZh = /转账|转钱|汇款|打款|付|缴|交[钱费定押给到]|收费|元|块钱|万|扫|点击|点开|点进|点我|登录|登记|注册|填|下载|安装|加[群我他她微好Q]|联系|致电|拨|打给|[打拨致通留来给].{0,3}电话|热线|专线|咨询|领|报名|购买|买[一这我到]|卖|捐|募|红包|验证码|密码|银行|账户|账号|帐号|卡号|身份证|二维码|网址|公众号|小程序|\bapp\b|客服|私聊|私信|集合|疏散|撤|报警|囤|抢|(?:发给|转给|告诉)(?![家老爸妈爷奶孩身邻大亲朋])|[发转]到(?!群|家|朋)|交给|上报|反馈|举报|去(?=[派警居物社医银现登办领取报缴交换找看])|到.{1,8}(?:去|来|集合|领|办|取)|来.{0,6}[取领办报]|请(?!问|大家|各位|注意|留意|收|看|帮|互|周|知|提醒|转|您?放)/
const timesZh = /[今明昨后][天日晚早晨夜]|周[一二三四五六日天]|星期|礼拜|上午|下午|凌晨|傍晚|半夜|\S[点时分](?:[前后到钟半整]|$)|月底|年底|下周|这周|[去前]年|往年|上个?月|以前|之前|旧/
const placesZh = /[路街巷弄桥村镇县市](?!坊|上|边|由|过|道口)|号楼|[\d一二三四五六七八九十][楼栋幢]|单元|派出所在|广场|公园|医院|学校|超市|地铁|车站|河|北门|南门|东门|西门/
const overEn = /\b(?:costs?|price|cheap|expensive|fake|false|hoax|rumou?rs?|untrue|scam|phishing|cancel\w*|over|ended|ends|finished|lifted|cleared|postponed|delayed|moved|changed|instead|actually|no(?! shame| words| idea)|not|never|none|nothing|nobody|without|\w+n't|dont|ignore|unless|except|safe|found|caught|arrested|resolved|solved|fixed|wrong|mistake|expired|outdated|old|older|also|another|other|more|less|free|apparently|reportedly|they say|can|may|allowed|but|only|until|extended|new|now (?:in|at|on|open|closed))\b/
const demandsEn = /\b(?:www|https?|com|cn|net|org|vip|top|xyz|pay|paid|fee|yuan|money|transfer|send (?:money|\w+ to)|deposit|scan|click|tap|open|log ?in|sign|register|download|install|add|contact|call|phone|ring|text|dm|message (?:me|him|her)|whatsapp (?:me|him|her)|buy|sell|donate|code|password|bank|account|card|qr|link|app|website|meet|gather|evacuate|bring|collect|claim|apply|report|go to|come to|move to|drive|stay|keep|boil|turn|switch|take|use|must|should|need to|have to)\b/
const timesEn = /\b(?:today|tonight|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|november|december|noon|midnight|[ap]m|o'clock|hours?|minutes?|next week|this week|since|after|before \w+ing)\b/
const placesEn = /\b(?:street|road|lane|avenue|gate|square|park|station|hospital|school|market|block|floor|bridge|district|village|town|city|river)\b/
const harmZh = /[红橙黄蓝]色|级|刀|枪|武器|凶|死|伤|亡|炸|爆炸|火|毒|绑|尸|血|演[习练]|预警|撤|警报/
const harmEn = /\b(?:red|orange|yellow|blue|level|arm(?:s|ed)|weapons?|kni(?:fe|ves)|guns?|dead|died|kill\w*|injur\w*|hurt|bomb\w*|explo\w*|fire|poison\w*|blood|drill|exercise|evacuation|warning|hostages?|says|said|told|telegram|wechat id)\b|@/
/** Who speaks, or who is spoken to: what nobody says of themselves or to somebody is a claim about the matter. */
const personal = /[我咱你您吧啊呀哦哈呢嘛啦唉哎哇呜们]|大家|各位|自己|家里|记[住得]|真|太|辛苦|谢|赞|漂亮|给力|小心|注意|当心|看[到过这看了新]|转|收到|终于|好[吓可厉怕]|[妈爸]|奶奶|爷爷|阿姨|老人家|\b(?:i|i'm|i'll|i've|im|me|my|mine|we|us|our|you|u|ur|your|guys|folks|everyone|everybody|neighbou?rs|all|mum|mom|dad|gran\w*|auntie|uncle|love|dear|hey|hi|hello|omg|lol|wow|ugh|oh|poor|thanks?|thank|pls|please|honestly|seriously|good|great|nice|sad|scary|awful|terrible|crazy|wild|people|shame|this|here|these)\b/
/** "老陈：", "Tom:" before what they sent; a mail's head. */
const speaker = /^(?:[老小阿][\u4e00-\u9fff]{1,2}|[\u4e00-\u9fff]{0,4}(?:[楼组班]长|[姐哥叔姨]|大[爷妈]|老[\u4e00-\u9fff])|(?:发件人|收件人|主题|发送人)\s*[:：].{1,20})\s*[:：]?$/

/** "Is this still valid?", "还没解除吗": who asks says nothing. */
const question = /[?？]\s*$|(?:吗|呢|么|真的假的|真假|是真是假|是不是真的?|有没有人知道)[\s!！~～。.]*$|^(?:is|are|was|does|do|did|has|can|could|anyone|anybody|real|true|any|who|how|what|why|whether)\b[^.!]*$/

export interface Remarks { texts: string[], hasAnyOther: boolean }

/**
 * What of a message's foreign stretches are people's own remarks.
 * @returns their words as they stand in the text; `hasAnyOther` where something foreign is more than that
 */
export function readRemarks(text: string, message: readonly Token[], segments: readonly Segment[], officialPairs: ReadonlySet<string>): Remarks {
  const gaps = gapsOf(segments).filter(gap => segments.some(({ kind, from }) => kind === 'foreign' && from >= gap.from && from < gap.to))
  const isQuoting = segments.some(({ kind }) => kind === 'said')
  const foreign = segments.filter(({ kind }) => kind === 'foreign').reduce((sum, { from, to }) => sum + to - from, 0)
  const isShort = foreign <= (isQuoting ? longestRemarks : longestBesideCode)
  const texts = gaps.map(({ from, to }) => trimmed(text.slice(from ? message[from - 1]?.end : 0, message[to]?.start ?? text.length)))
  const areAll = isShort && gaps.every((gap, index) => standsAlone(text, message, segments, gap) && isHarmless(text, texts[index] ?? '', message.slice(gap.from, gap.to), segments, gap, officialPairs))
  return { texts, hasAnyOther: !areAll }
}

interface Gap { from: number, to: number }

/** Everything between what is quoted. */
function gapsOf(segments: readonly Segment[]): Gap[] {
  const gaps: Gap[] = []
  for (const { kind, from, to } of segments) {
    if (kind === 'said' || kind === 'label') continue
    const last = gaps.at(-1)
    if (last?.to === from) last.to = to
    else gaps.push({ from, to })
  }
  return gaps
}

const boundary = /[\s，。！？!?,.;；:：、…~～—–\-()（）【】[\]「」『』“”"'‘’|/\\·•#*>]|\p{Extended_Pictographic}/u

/** Its words and ours do not run into each other: "并非" before our sentence would be a part of it. */
function standsAlone(text: string, message: readonly Token[], segments: readonly Segment[], { from, to }: Gap): boolean {
  const [before, first, last, after] = [message[from - 1], message[from], message[to - 1], message[to]]
  const isApart = (one: Token | undefined, other: Token | undefined) => !one || !other || boundary.test(text.slice(one.end, other.start))
  const isCutBefore = segments.some(segment => segment.kind === 'said' && segment.isCut && segment.to === from)
  return !isCutBefore && isApart(before, first) && isApart(last, after)
}

function isHarmless(text: string, words: string, tokens: readonly Token[], segments: readonly Segment[], gap: Gap, officialPairs: ReadonlySet<string>): boolean {
  const isForeign = (index: number) => segments.some(({ kind, from, to }) => kind === 'foreign' && index >= from && index < to)
  for (const [index, token] of tokens.entries()) {
    const { kind } = token
    if (!isForeign(gap.from + index)) continue
    if (kind === 'number' ? !isIdleOne(text.slice(token.start, token.end + 1)) : kind !== 'han' && kind !== 'word') return false
  }
  const pairs = tokens.slice(1).map(({ key }, index) => `${tokens[index]?.key} ${key}`)
  if (pairs.filter(pair => officialPairs.has(pair)).length > pairs.length * repeatedShare) return false
  const sentences = words.split(/(?<=[。！？!?\n])/).map(sentence => sentence.trim()).filter(Boolean)
  return sentences.every(saysNothingToDo) && sentences.some(isPersonal)
}

/** Somebody speaks of themselves or to somebody, asks, or is named as who sent it. */
const isPersonal = (sentence: string) => personal.test(plainOf(sentence)) || question.test(plainOf(sentence)) || speaker.test(plainOf(sentence).replace(/^[^\p{L}]+/u, ''))

/** "一声", "this one": no count of anything. */
const isIdleOne = (word: string) => /^(?:一[下声点遍些样起直定句眼会]|one\W?)$/i.test(word)

/** Words that somebody could act on or be told to: a number, a link, a demand. */
export function isActionable(words: string): boolean {
  const plain = plainOf(words)
  return /[\d@]|[a-z]\.[a-z]/.test(plain) || demandsZh.test(plain) || demandsEn.test(plain)
}

function saysNothingToDo(sentence: string): boolean {
  const plain = plainOf(sentence)
  if ([demandsZh, demandsEn, harmZh, harmEn].some(pattern => pattern.test(plain))) return false
  if (question.test(plain)) return true
  if (overZh.test(plain) || overEn.test(plain)) return false
  if ([timesZh, timesEn, placesZh, placesEn].some(pattern => pattern.test(plain))) return false
  return true
}

const plainOf = (sentence: string) => [...warnings, idioms].reduce((rest, pattern) => rest.replace(pattern, ' '), sentence.replace(/\p{Cf}/gu, '').normalize('NFKC').toLowerCase().replace(/[’‘`´]/g, '\''))

const trimmed = (words: string) => words.replace(/^[\s，。.！!、；;:：…\-—–>]+|[\s，、；;:：\-—–>]+$/gu, '')
