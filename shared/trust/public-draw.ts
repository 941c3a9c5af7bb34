import { z } from 'zod'

/*
  Who is invited, drawn so that anyone can draw again (scripts/rerun-draw.mjs): the list of code numbers is fixed and its hash published before the day whose root
  decides; nobody, the station least of all, knows that root then. The numbers say nothing about people; who has which code is not in here.
*/

export const drawListSchema = z.object({
  version: z.literal(1), kind: z.literal('draw'), occasion: z.string().min(1).max(80), community: z.string().min(1).max(80),
  /** The day on which the list was fixed; its root must come from a later one. */
  listedOn: z.iso.date(), rootOf: z.iso.date(), numbers: z.array(z.int().min(1)).min(1).max(100_000), wanted: z.int().min(1),
}).strict()
  .refine(({ numbers }) => numbers.every((each, index) => index === 0 || each > (numbers[index - 1] ?? 0)), { message: 'numbers rise and stand once' })
  .refine(({ listedOn, rootOf }) => listedOn < rootOf, { message: 'the root is of a later day' })
export type DrawList = z.infer<typeof drawListSchema>

const encode = new TextEncoder()
const sha256 = async (text: string) => [...new Uint8Array(await crypto.subtle.digest('SHA-256', encode.encode(text)))].map(byte => byte.toString(16).padStart(2, '0')).join('')

/** What is published when the list is fixed, hex: SHA-256 of its lines (occasion, community, day of the list, day of the root, how many, then the numbers). */
export async function listHash({ occasion, community, listedOn, rootOf, wanted, numbers }: DrawList): Promise<string> {
  return sha256(['linli-draw-1', occasion, community, listedOn, rootOf, wanted, ...numbers].join('\n'))
}

/**
 * The numbers drawn, rising: those whose SHA-256 of list hash, root and number, each on its line, comes first. Each set of as many is as likely as any other.
 * @param root hex, of the day `rootOf`, from /verify/roots.json
 */
export async function drawNumbers(list: DrawList, root: string): Promise<number[]> {
  const fixed = await listHash(list)
  const places = await Promise.all(list.numbers.map(async number => ({ number, place: await sha256(`${fixed}\n${root}\n${number}`) })))
  return places.toSorted((a, b) => a.place < b.place ? -1 : 1).slice(0, list.wanted).map(({ number }) => number).toSorted((a, b) => a - b)
}
