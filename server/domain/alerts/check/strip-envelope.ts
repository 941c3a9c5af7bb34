/* The surnames of most people; not those that are everyday words as well (黄, 高, 马, 周, 解, 时 …). */
const surnames = '王李张刘陈杨赵吴徐孙朱胡郭林罗郑梁宋邓冯韩曹彭萧肖蔡潘袁董苏魏吕丁沈姚卢傅姜崔谭廖汪陆贾韦薛叶阎杜戴邱侯邹熊孟秦'
const kin = '阿姨|叔叔|大爷|大妈|大姐|大哥|奶奶|爷爷|婶|嫂|哥|姐|老师|主任|书记|站长|医生|经理|先生|女士|师傅|同学|警官'
/** 宋庄, 王府井 and 林场 are places and not people. */
const placeEnds = '村庄家口场站路街桥镇县市区园山湖店楼院校井府港湾坡岭沟河江海岛城门巷里弄栋号'
const person = `(?:[老小阿]?[${surnames}](?:${kin})|[老小阿][${surnames}]|[${surnames}][\\u4e00-\\u9fff]?(?![${placeEnds}])[\\u4e00-\\u9fff]|妈妈?|爸爸?|老[妈爸婆公]|哥哥?|姐姐?|奶奶|爷爷|外[公婆]|物业|社区|居委会|网格员|群主|楼长)`
const latinName = `[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}`
const instant = `[\\d/.:,\\-年月日 ]{3,24}(?:[apAP][mM])?`
const groups = '业主|社区|邻居|邻里|小区|工作|家长|居民|微信|朋友|物业|通知|交流|便民|互助|团购|家庭|亲友'

/** Words that would be lost with a name. */
const meaning = /[不没无非别勿莫未否假谣错取消解除废停到至今明昨]|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november|december|today|tomorrow|tonight|yesterday|morning|noon|evening|night|fake|false|hoax|rumou?r|old|over|cancel\w*|not?|never|wrong|update\w*|correct\w*)\b/i

const envelopes: readonly RegExp[] = [
  // "[11/24, 21:15] Amina:" and "[2026-11-24 21:15] 张三："
  new RegExp(`^[ \\t>]*\\[${instant}\\]\\s*(?:${latinName}|${person})\\s*[:：]`, 'gmu'),
  // "老张：", "王阿姨转发："
  new RegExp(`^[ \\t>]*${person}\\s*(?:转发|转|分享|发来|发的|说)?\\s*[:：]`, 'gmu'),
  /^[ \t>]*(?:Mum|Mom|Dad|Grandma|Grandpa|Auntie|Uncle)\s*:/gm,
  // "From: Li Wei", "转自：张三" as a line of their own, and the head of a forwarded mail
  new RegExp(`^[ \\t>]*(?:Forwarded from|From|Sent by|Shared by)\\s*:\\s*${latinName}[ \\t]*$`, 'gm'),
  new RegExp(`^[ \\t>]*(?:转发自|转自|来自|发件人|发送人)\\s*[:：]?\\s*${person}[ \\t]*$`, 'gmu'),
  new RegExp(`^[ \\t>]*(?:Sent|Date|发送时间|发件时间)\\s*[:：]\\s*${instant}[ \\t]*$`, 'gm'),
  // "【南塘东苑邻里互助群】", "柳岸三组 微信群", "—— 转发自「望江社区9号楼群」——": a line that is a group's name
  /^[ \t>]*[—–-]*[ \t]*(?:\[?转发\]?自?|转自|来自)?[ \t]*[【「“"[(（]?[^\s，。：:；！？!?]{1,12}(?:[ \t][^\s，。：:；！？!?]{0,4})?群[①-⑳\d]{0,2}(?:[(（]\d+[)）])?[】」”"\])）]?[ \t]*[—–-]*[ \t]*$/gmu,
  // "6幢李姐 08:15", "楼管小周  昨天 21:47": a line that is a name and a moment
  new RegExp(`^[ \\t>]*[^\\s，。：:；！？!?]{0,4}${person}[ \\t]+(?:(?:前天|昨天|今天|周[一二三四五六日]|上午|下午|晚上|早上|\\d{1,2}[月/.-]\\d{1,2}日?)[ \\t]*)?\\d{1,2}[:：]\\d{2}[ \\t]*$`, 'gmu'),
  // "转自平安社区业主群："
  new RegExp(`(?:转发自|转自|来自)[^\\d\\s，。：:；]{0,8}(?:${groups})群(?=[\\s：:，,]|$)`, 'gmu'),
]

/**
 * Blanks out who passed a message on and when, so that everything else keeps its place.
 * A name is taken only where messengers put one and only if it says nothing else.
 */
export function stripEnvelope(text: string): string {
  return envelopes.reduce((rest, envelope) => rest.replace(envelope, found => meaning.test(found.replace(/(?:前天|昨天|今天)(?=[ \t]*\d{1,2}[:：]\d{2}[ \t]*$)/u, '')) ? found : found.replace(/[^\n]/g, ' ')), text)
}
