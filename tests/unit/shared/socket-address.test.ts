import { expect, test } from 'vitest'
import { addressOfSocket, socketOf } from '#shared/socket-address'

test.each(['/var/lib/linli/api.sock', '/数据/派出所/api.sock', `/${'a'.repeat(102)}`])('the file %s travels as an address and is found in it again', (path) => {
  const url = new URL('/rest/v1/rpc/x', addressOfSocket(path))

  expect(socketOf(url)).toBe(path)
  expect(url.host.split('.').every(label => label.length <= 63)).toBe(true)
})

test('a path that is too long for a socket is refused, and other addresses name no file', () => {
  expect(() => addressOfSocket(`/${'a'.repeat(103)}`)).toThrow(RangeError)
  expect(socketOf(new URL('http://127.0.0.1:54321'))).toBeUndefined()
  expect(socketOf(new URL('https://socket.localhost.example'))).toBeUndefined()
})
