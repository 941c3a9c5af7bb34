import { spawn } from 'node:child_process'

/**
 * Runs a command quietly and keeps what it writes.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<{ code: number, output: string }>} code 127: the command could not be started
 */
export function run(command, args, { cwd, env, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs })
    let output = ''
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk).slice(-400_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', error => resolve({ code: 127, output: `${output}${error.message}` }))
    child.once('close', code => resolve({ code: code ?? 1, output }))
  })
}

/**
 * The end of a long output, for showing it to somebody.
 * @param {string} output
 * @param {number} lines
 */
export function lastLines(output, lines) {
  return output.trimEnd().split('\n').slice(-lines).join('\n')
}
