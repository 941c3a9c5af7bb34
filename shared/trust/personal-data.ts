/** What a text for the public should not name. */
export const personalDataKinds = ['id_number', 'phone', 'email', 'plate', 'number', 'address', 'name', 'age'] as const
export type PersonalDataKind = typeof personalDataKinds[number]

export interface PersonalDataFinding { kind: PersonalDataKind, text: string }

/** The hundred most frequent family names (Ministry of Public Security, 2020) that are no everyday word at the beginning of a phrase. */
const familyNames = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘董袁吕魏蒋杜苏贾薛阎余戴夏钟汪姜崔谭陆范廖邹熊孟秦邱侯尹邵龚赖洪'
const address = '先生|女士|小姐|阿姨|叔叔|大爷|大妈|奶奶|爷爷|师傅|老师|同学|大姐|大哥|某某|某'

/*
  Rules in the order in which they claim a stretch of text. Lenient on purpose: it warns a person, who decides. Numbers to call (110, 96110,
  12345) and years are let through.
*/
const rules: readonly { kind: PersonalDataKind, pattern: RegExp }[] = [
  { kind: 'email', pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g },
  { kind: 'id_number', pattern: /(?<!\d)\d{6}(?:19|20)\d{9}[\dXx](?!\d)/g },
  { kind: 'plate', pattern: /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·・ ]?[A-Z0-9]{5,6}/g },
  { kind: 'phone', pattern: /(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[ -]\d{7,8}(?!\d)/g },
  { kind: 'address', pattern: /\d+\s*(?:号楼|号院|栋|幢|单元|弄|室|号(?!码|线))(?:\s*\d+\s*(?:单元|层|楼|室|号))*|\b(?:flat|apartment|apt|room|unit|building)\s+(?:no\.?\s*)?\d+\w*|\b\d+\s+[A-Z][a-z']+\s+(?:street|road|lane|avenue)\b/gi },
  { kind: 'age', pattern: /\d{1,3}\s*岁|\b\d{1,3}[- ]years?[- ]old\b|\baged\s+\d{1,3}\b/gi },
  { kind: 'number', pattern: /(?<!\d)\d{6,}(?!\d)/g },
  { kind: 'name', pattern: new RegExp(`(?:姓名|名叫|叫做)\\s*[:：]?\\s*\\p{Script=Han}{2,3}|(?:[${familyNames}]|欧阳|司马|上官)\\p{Script=Han}{0,2}?(?:${address})|[${familyNames}]某\\p{Script=Han}?|\\b(?:Mr|Mrs|Ms|Miss|Dr)\\.?\\s+[A-Z][a-z]+(?:\\s+[A-Z][a-z]+)?`, 'gu') },
]

/**
 * Stretches of a text that look like somebody's data: numbers, addresses, names. A help for whoever writes for the public, no guarantee: a
 * second person reads it too. In the order of the text, each once.
 */
export function findPersonalData(text: string): PersonalDataFinding[] {
  const found: (PersonalDataFinding & { from: number, to: number })[] = []
  for (const { kind, pattern } of rules) {
    for (const { 0: match, index } of text.matchAll(pattern)) {
      const to = index + match.length
      if (!found.some(other => index < other.to && other.from < to)) found.push({ kind, text: match.trim(), from: index, to })
    }
  }
  return found.sort((a, b) => a.from - b.from).map(({ kind, text: said }) => ({ kind, text: said })).filter((one, index, all) => all.findIndex(other => other.kind === one.kind && other.text === one.text) === index)
}
