import { defineConfig } from 'vite'

// The page is asked at /graphql and at /graphiql; what it loads lies below /graphiql/ for both. All addresses are
// relative, so that a proxy may put something before them.
export default defineConfig({
  base: './',
  logLevel: 'error',
  build: {
    rolldownOptions: { input: 'graphiql.html' },
    outDir: '../static/graphiql',
    assetsDir: 'graphiql',
    emptyOutDir: true,
  },
  worker: { format: 'es' },
})
