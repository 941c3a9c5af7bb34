// Builds every components/enhance/*.ts on its own: plain TypeScript, no framework, one small hashed file each.
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { build } from 'esbuild'
import { addTemplate, defineNuxtModule, updateTemplates } from 'nuxt/kit'

export default defineNuxtModule({
  meta: { name: 'enhance' },
  setup(_options, nuxt) {
    const { dev, buildDir, srcDir } = nuxt.options
    const outdir = join(buildDir, 'enhance')

    nuxt.options.nitro.publicAssets ??= []
    nuxt.options.nitro.publicAssets.push({ dir: outdir, baseURL: '/_enhance', maxAge: dev ? 0 : 31_536_000 })

    const workerDir = join(buildDir, 'push')
    nuxt.options.nitro.publicAssets.push({ dir: workerDir, baseURL: '/_push', maxAge: 0 })

    // `#build/enhance` maps each name to its address. Writing it builds the files, so both are always of one age
    // (files written in `setup` itself would be swept away with the build folder).
    addTemplate({
      filename: 'enhance.ts',
      write: true,
      async getContents() {
        const { outputFiles, metafile } = await build({
          entryPoints: [join(srcDir, 'components/enhance/*.ts')],
          entryNames: dev ? '[name]' : '[name].[hash]',
          outdir,
          bundle: true,
          minify: !dev,
          format: 'esm',
          target: 'es2022',
          write: false,
          metafile: true,
          absWorkingDir: srcDir,
        })
        await mkdir(outdir, { recursive: true })
        // A service worker is known by its address, which never changes.
        await build({ entryPoints: { worker: join(srcDir, 'components/enhance/push/push-worker.ts') }, outdir: workerDir, bundle: true, minify: !dev, format: 'iife', target: 'es2022', absWorkingDir: srcDir })
        const scripts = await Promise.all(outputFiles.map(async ({ path, contents }) => {
          await writeFile(path, contents)
          const entry = metafile.outputs[relative(srcDir, path)]?.entryPoint
          if (!entry) throw new Error(`esbuild wrote ${path} without an entry point`)
          const integrity = `sha384-${createHash('sha384').update(contents).digest('base64')}`
          return [basename(entry, '.ts'), { src: `/_enhance/${basename(path)}`, integrity: dev ? undefined : integrity }]
        }))
        return `export default ${JSON.stringify(Object.fromEntries(scripts), null, 2)} as const\n`
      },
    })

    nuxt.hook('builder:watch', (_event, path) => path.includes('components/enhance/')
      ? updateTemplates({ filter: template => template.filename === 'enhance.ts' })
      : undefined)
  },
})
