import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publicFunctions } from './function-matrix.ts'
import { type World, buildWorld } from './world.ts'

let world: World

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

describe.each(Object.keys(publicFunctions))('%s', (name) => {
  const { callers, args } = publicFunctions[name]!

  it.each(['anon', 'authenticated', 'service_role'] as const)('is open to the right callers, tried as %s', async (caller) => {
    const client = caller === 'anon' ? world.guest : caller === 'service_role' ? world.server : await world.as('bo_resident')

    const { error, status } = await client.rpc(name, args)

    if (callers.includes(caller)) expect(error?.code).not.toBe('42501')
    else expect([error?.code, status]).toEqual(['42501', caller === 'anon' ? 401 : 403])
    expect(status).toBeLessThan(500)
  })
})
