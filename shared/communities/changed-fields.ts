import { z } from 'zod'
import { localisedSchema, type Localised } from './reference-data.ts'

export interface ChangedField {
  /** The field of the form: `name`, `emergency_numbers`, `questions`. */
  field: string
  /** Which part of it: a language, a service, the code of a question. */
  part: string
  before: string
  after: string
}

const record = z.record(z.string(), z.unknown())
const coded = z.looseObject({ code: z.string() })

/** What differs between two states of a setting, leaf by leaf, in the order of the fields. Nothing is told as an empty text. */
export function changedFields(before: unknown, after: unknown): ChangedField[] {
  const [was, is] = [leaves(before), leaves(after)]
  return [...new Set([...was.keys(), ...is.keys()])].filter(key => was.get(key) !== is.get(key)).map((key) => {
    const [field = '', ...parts] = key.split('\u0000')
    return { field, part: parts.join(' · '), before: was.get(key) ?? '', after: is.get(key) ?? '' }
  })
}

function leaves(value: unknown, path: string[] = []): Map<string, string> {
  if (value === null || value === undefined) return new Map()
  if (Array.isArray(value)) return new Map(value.flatMap((item: unknown, index) => [...leaves(item, [...path, coded.safeParse(item).data?.code ?? String(index + 1)])]))
  const object = record.safeParse(value)
  if (object.success) return new Map(Object.entries(object.data).flatMap(([name, item]) => name === 'code' && path.length > 1 ? [] : [...leaves(item, [...path, name])]))
  return new Map([[path.join('\u0000'), String(value)]])
}

const shapes = z.object({ communities: z.array(z.object({ slug: z.string(), name: localisedSchema, shape: z.string(), grids: z.array(z.object({ code: z.string(), name: localisedSchema, shape: z.string() })) })) })

/** Which communities and grids came, went and changed between two states of the map. */
export function changedAreas(before: unknown, after: unknown): { added: string[], removed: string[], changed: string[] } {
  const named = (value: unknown) => new Map((shapes.safeParse(value).data?.communities ?? []).flatMap(({ slug, name, shape, grids }): [string, string][] => [
    [slug, facts(name, shape)], ...grids.map(({ code, name, shape }): [string, string] => [code, facts(name, shape)]),
  ]))
  const [was, is] = [named(before), named(after)]
  return {
    added: [...is.keys()].filter(name => !was.has(name)), removed: [...was.keys()].filter(name => !is.has(name)),
    changed: [...is].filter(([name, now]) => was.has(name) && was.get(name) !== now).map(([name]) => name),
  }
}

const facts = (name: Localised, shape: string) => `${name.zh}/${name.en}/${shape}`
