import { defineConfig } from 'vite'

// The page is served at /graphql and at /graphiql, and its files are below /graphiql/ for both. All addresses are
// relative, so that a proxy may serve the application below a path.
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
