import type { ReferenceData } from '#shared/communities/reference-data'
import type { Locale } from '#shared/locales'

export interface ReadPlace { community?: string, grid?: string, address?: string }

/** A name as residents say it: 平安里 for 平安里社区. */
const plainName = (name: string) => name.normalize('NFKC').toLowerCase().replace(/(?:社区|居委会|小区|网格|片区)$/, '').replace(/\s*(?:community|neighbou?rhood|grid)$/, '').replace(/['’\s]/g, '').trim()

const addressZh = /(?:[\p{Script=Han}]{1,8}(?:路|街|巷|弄|大道|胡同)(?:\d+号)?(?:门口|旁边|对面)?|\d+\s*(?:号楼|栋|幢|号院)|[\p{Script=Han}]{0,6}(?:门口|超市|广场|公园|菜市场|学校|停车场|车棚|地铁站|公交站|医院|银行|楼下|楼道|电梯|桥下|河边)(?:门口|旁边|对面)?)(?:[\d一二三四五六七八九十]+\s*(?:号楼|栋|幢|单元|楼|层|室|号))*/u
const addressEn = /\b(?:at|near|outside|behind|in front of|opposite|next to|in|by)\s+((?:the\s+)?(?:building\s+\d+[\w\s,]{0,20}|\d+\s+[\w' ]{2,30}?(?:street|road|lane|avenue)|[\w' ]{2,30}?(?:street|road|lane|avenue|gate|supermarket|market|park|school|garage|car park|bike shed|shed|metro station|bus stop|hospital|bank|stairwell|corridor|entrance|square)))/i

/** Where something happened: the community and grid by their names, and an address as it was said. */
export function readPlace(text: string, locale: Locale, { communities }: Pick<ReferenceData, 'communities'>): ReadPlace | undefined {
  const plain = text.normalize('NFKC').toLowerCase().replace(/['’\s]/g, '')
  const names = (named: { name: Record<Locale, string> }) => [named.name.zh, named.name.en].map(plainName).filter(name => name.length >= 2)
  const community = communities.find(({ slug, ...named }) => names(named).some(name => plain.includes(name)) || plain.includes(slug.replace(/-/g, '')))
  const grid = (community ? [community] : communities).flatMap(({ slug, grids }) => grids.map(each => ({ slug, ...each }))).find(each => names(each).some(name => name.length >= 3 && plain.includes(name)))
  const address = locale === 'zh' ? addressZh.exec(text.normalize('NFKC'))?.[0] : addressEn.exec(text)?.[1]?.trim()
  const withoutName = address && [...communities.flatMap(each => [each.name.zh, each.name.zh.replace(/社区$/, '')])].reduce((rest, name) => rest.replace(name, ''), address).replace(/^.*在(?=.)/, '').replace(/^(?:是|到|从|有人|昨晚|晚上|早上|今天|昨天|昨儿个?|我家|我们|我|儿个)+/, '')
  if (!community && !grid && !withoutName) return undefined
  return { ...((community ?? grid) && { community: community?.slug ?? grid?.slug }), ...(grid && { grid: grid.code }), ...(withoutName && withoutName.length > 1 && { address: withoutName }) }
}
