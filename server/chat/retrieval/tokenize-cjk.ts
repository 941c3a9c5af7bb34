/*
  Texts as terms. Chinese has no spaces, and a dictionary of words would not know what residents write: pairs of characters do
  (`电动`, `动车`). A wrong character that sounds right is typed every day (`逆名`, `文卷`): pairs of syllables find it all the same.
    =ebike     a concept: one of the synonyms stood here
    电动        a pair of Han characters
    ~dian.dong its sound
    charg      a Latin word without its ending
*/
import { pinyin } from 'pinyin-pro'
import type { Synonyms } from './synonyms.ts'

const han = /\p{Script=Han}/u
const run = /\p{Script=Han}+|[\p{Script=Latin}\p{N}']+/gu

/** Words that say nothing of what is asked. */
const emptyEn = new Set(('a an the i i\'m im my me we our us you your u he she it its they them his her their this that these those is are was were be been am do does did done can could may might will would shall should must '
  + 'to of in on at by for from with as and or but if so not no n\'t what which who whom when where why how there here any some one ones have has had get got getting go going just also too very really please pls hi hello '
  + 'want wanna need about into out up down then than still now ok lol wtf omg something anything someone somebody anyone thing things stuff know tell').split(' '))
const emptyZh = /怎么办|怎么样|怎么|怎样|如何|什么|为什么|为啥|咋办|咋个|咋|请问|你好|您好|一下|可以|能不能|可不可以|是不是|有没有|要不要|行不行|吗|呢|吧|啊|呀|的|了|我们|你们|他们|我|你|您|他|她|它|这个|那个|这|那|想|要|会|能|就|也|都|还|又|很|和|跟|给|把|到|去|来|说|有|是|在|个|啥|哪里|哪儿|哪|谁|几|多少/g

/** One text in every form in which it can be written the same: full width, capitals, signs. */
export const normalise = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/[’‘`´]/g, '\'')

/** Is most of what stands here Chinese? Decides in which language an answer is looked for. */
export const isMostlyHan = (text: string): boolean => (text.match(/\p{Script=Han}/gu)?.length ?? 0) * 2 >= (text.match(/[a-z]/gi)?.length ?? 0) && han.test(text)

/** The terms of a text, each once. @param withSounds also how it sounds; for questions and for lines that are short like them */
export function tokenize(text: string, synonyms: Synonyms, withSounds = true): string[] {
  const plain = normalise(text)
  const terms = new Set<string>()
  for (const concept of synonyms.conceptsIn(plain)) terms.add(`=${concept}`)
  for (const [part] of plain.matchAll(run)) {
    if (han.test(part)) hanTerms(part, terms, withSounds)
    else for (const word of part.split('\'')) if (word.length > 1 && !emptyEn.has(word)) terms.add(stem(word))
  }
  latinPairs(plain, terms)
  return [...terms]
}

/** Two words in a row, one of which says something: `sign_up`, `found_card`. */
function latinPairs(plain: string, terms: Set<string>) {
  for (const clause of plain.split(/[^a-z0-9' ]+/)) {
    const words = clause.split(/[' ]+/).filter(Boolean)
    for (let at = 0; at + 1 < words.length; at++) {
      const [one = '', other = ''] = [words[at], words[at + 1]]
      if (!emptyEn.has(one) || !emptyEn.has(other)) terms.add(`${stem(one)}_${stem(other)}`)
    }
  }
}

function hanTerms(part: string, terms: Set<string>, withSounds: boolean) {
  for (const said of part.replace(emptyZh, ' ').split(' ')) {
    const characters = [...said]
    if (characters.length === 1) terms.add(said)
    if (characters.length < 2) continue
    const sounds = withSounds ? characters.map(soundOf) : undefined
    for (let index = 0; index + 1 < characters.length; index++) {
      terms.add(`${characters[index]}${characters[index + 1]}`)
      if (sounds) terms.add(`~${sounds[index]}.${sounds[index + 1]}`)
    }
  }
}

const sounds = new Map<string, string>()

/** How a character sounds by itself: the same one for questions and lines, which is all that is needed. Kept, since looking it up costs. */
function soundOf(character: string): string {
  const known = sounds.get(character) ?? flat(pinyin(character, { toneType: 'none' }))
  sounds.set(character, known)
  return known
}

/** In much of the country n and l, zh and z, ing and in sound alike. */
const flat = (sound = ''): string => sound.replace(/^([zcs])h/, '$1').replace(/ng$/, 'n')

/** An English word without its plainest endings: light on purpose, `policing` and `police` may differ. */
export function stem(word: string): string {
  const known = stems.get(word)
  if (known !== undefined) return known
  const found = shorten(word)
  if (stems.size < 50_000) stems.set(word, found)
  return found
}

const stems = new Map<string, string>()

function shorten(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return word
  let root = word.replace(/(?<=[^aeiou])ies$/, 'y').replace(/(?<=ss|x|ch|sh)es$/, '').replace(/(?<=[^s])s$/, '')
  if (root.length > 5) root = root.replace(/(ingly|edly|ing|ed|ly|er|ment|ation)$/, '')
  root = root.replace(/([^aeiousl])\1$/, '$1').replace(/(?<=..)e$/, '')
  return root.replace(/i$/, 'y')
}
