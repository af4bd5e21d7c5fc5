import { readFileSync } from 'node:fs'
import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import { compression } from 'vite-plugin-compression2'
import { defineConfig } from 'vitest/config'

// The manifest ships beside the page: the server reads it, and trusts the documents in it.
const manifest = (): Plugin => ({
  name: 'documents',
  generateBundle() {
    const source = readFileSync('src/api/gql/persisted-documents.json', 'utf8')
    this.emitFile({ type: 'asset', fileName: 'documents.json', source })
  },
})

export default defineConfig({
  base: '/screens/',
  logLevel: 'error',
  plugins: [
    vue(),
    manifest(),
    compression({ algorithms: ['brotliCompress', 'gzip'], include: /\.(js|css|html|svg)$/, threshold: 500 }),
  ],
  build: {
    outDir: '../static/screens',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing stands in the page itself: its policy forbids it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // A test that needs a browser's objects says so in its first line: they take a third of a second each time.
  test: { include: ['src/**/*.test.ts'] },
})
