// Loaded into each child before its own code: a child whose parent is gone (also after kill -9) stops as if told to.
const graceMs = 10_000

if (process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.exit(1), graceMs).unref()
  })
  process.channel.unref() // listening must not keep a finished child alive
}

// With the parent its end of the pipes is gone too; writing to them must not break the orderly stop.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (!('code' in error) || error.code !== 'EPIPE') throw error
  })
}
